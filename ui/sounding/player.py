"""Plays WAV files through ALSA's ``aplay``: a process of its own, so that no driver that hangs or crashes takes the screens with it."""

import structlog
from PySide6.QtCore import QObject, QProcess, Signal, Slot

PLAYER = "aplay"
_ARGUMENTS = ["--quiet", "--file-type=wav", "-"]
_log = structlog.get_logger()


class Player(QObject):
    """One sound at a time: a new one ends the last. Never waits. Lives in the GUI thread.

    ``heard`` says false when there turns out to be no player or no sound device, with one line in the log, and true when a sound came
    through again: a loudspeaker may be plugged in later.
    """

    heard = Signal(bool)
    played = Signal()

    def __init__(self, parent: QObject | None = None, program: str = PLAYER) -> None:
        super().__init__(parent)
        self._program = program
        self._broken = False
        self._playing: QProcess | None = None

    @property
    def is_broken(self) -> bool:
        """Whether nothing can be heard here."""
        return self._broken

    @property
    def is_playing(self) -> bool:
        """Whether a sound has not ended yet."""
        return self._playing is not None

    def play(self, sound: bytes) -> None:
        """Begin to play a whole WAV file."""
        self.stop()
        process = QProcess(self)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.SeparateChannels)
        process.errorOccurred.connect(self._not_started)
        process.finished.connect(self._ended)
        self._playing = process
        process.start(self._program, _ARGUMENTS)
        process.write(sound)
        process.closeWriteChannel()

    def stop(self) -> None:
        """Be silent now."""
        process, self._playing = self._playing, None
        if process is not None:
            process.errorOccurred.disconnect(self._not_started)
            process.finished.disconnect(self._ended)
            process.finished.connect(process.deleteLater)
            process.kill()

    def close(self) -> None:
        """Be silent, and wait for the last player to be gone (milliseconds)."""
        process = self._playing
        self.stop()
        if process is not None:
            process.waitForFinished(1000)

    @Slot(QProcess.ProcessError)
    def _not_started(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._give_up("no_player", f"{self._program} can't be started; apt-get install alsa-utils")

    @Slot(int, QProcess.ExitStatus)
    def _ended(self, code: int, status: QProcess.ExitStatus) -> None:
        process, self._playing = self._playing, None
        if process is None:
            return
        said = bytes(process.readAllStandardError().data()).decode(errors="replace").strip().splitlines()
        process.deleteLater()
        if code == 0 and status is QProcess.ExitStatus.NormalExit:
            self._recover()
            self.played.emit()
        else:
            self._give_up("no_device", said[-1] if said else f"code {code}")

    def _recover(self) -> None:
        if self._broken:
            self._broken = False
            _log.info("sounds_heard_again")
            self.heard.emit(True)  # noqa: FBT003 - a signal has no keywords

    def _give_up(self, problem: str, detail: str) -> None:
        self._playing = None
        if not self._broken:
            self._broken = True
            _log.warning("sounds_silent", problem=problem, detail=detail)
            self.heard.emit(False)  # noqa: FBT003 - a signal has no keywords
