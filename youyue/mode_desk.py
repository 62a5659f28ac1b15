"""What staff want of a running kiosk, from a terminal: to know or set what it is for, to have its page of devices."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

from msgspec import DecodeError, Meta, Struct, json
from msgspec.structs import replace

from kiosk.events import DevicesChosen, ModeChosen
from kiosk.modes import Mode
from kiosk.view import Attract, OutOfService, View
from kiosk.view_devices import Devices
from kiosk.view_modes import CardCheck, CardChecked
from youyue.line_desk import LineDesk, LineDeskError, ask_line_desk


class ModeAsk(Struct, frozen=True, forbid_unknown_fields=True):
    """What a terminal wants: to know (no ``mode``), or to set it, for so many seconds where they are given. ``devices``: their page."""

    mode: Mode | None = None
    seconds: Annotated[float, Meta(gt=0, le=86400)] | None = None
    devices: bool = False


class ModeAnswer(Struct, frozen=True):
    """What the kiosk is for, until when (none: until it is told otherwise), and what was counted.

    ``first`` and ``second``: pupils and books of a class; cards that work and cards that do not. ``free``: nobody is at the kiosk.
    """

    mode: Mode
    until: datetime | None = None
    first: int = 0
    second: int = 0
    free: bool = True


class ModeDeskError(Exception):
    """No kiosk answers at the socket."""


class ModeDesk:
    """Answers terminals in the GUI thread. ``post`` tells the core of what staff chose; ``show`` may be called from any thread."""

    def __init__(self, path: Path, post: Callable[[ModeChosen | DevicesChosen], None]) -> None:
        self._post = post
        self._now = ModeAnswer(Mode.LENDING)
        self._free = True
        self._desk = LineDesk(path, self._answer)

    def show(self, view: View) -> None:
        """Take up what is shown now. Returns at once."""
        screen = view.screen
        self._free = isinstance(screen, CardCheck | OutOfService | Devices) or screen == Attract()
        if view.class_visit is not None:
            progress = view.class_visit
            self._now = ModeAnswer(Mode.CLASS_VISIT, progress.until, progress.pupils, progress.items)
        elif isinstance(screen, CardCheck):
            self._now = ModeAnswer(Mode.CARD_CHECK, None, screen.good, screen.other)
        elif not isinstance(screen, CardChecked | Devices):
            self._now = ModeAnswer(Mode.LENDING)

    def close(self) -> None:
        """Answer nobody any more."""
        self._desk.close()

    def _answer(self, line: bytes) -> bytes:
        try:
            asked = json.decode(line, type=ModeAsk)
        except DecodeError:  # of a version that is not ours
            asked = ModeAsk()
        if asked.devices:
            self._post(DevicesChosen())
        if asked.mode is not None:
            self._post(ModeChosen(asked.mode, asked.seconds))
            return json.encode(ModeAnswer(asked.mode))
        return json.encode(replace(self._now, free=self._free))


def ask_mode_desk(path: Path, asked: ModeAsk) -> ModeAnswer:
    """Ask a running kiosk.

    Raises:
        ModeDeskError: none answers.

    """
    try:
        return json.decode(ask_line_desk(path, json.encode(asked)), type=ModeAnswer)
    except (LineDeskError, DecodeError) as error:
        where = str(error) if isinstance(error, LineDeskError) else f"{path} ({type(error).__name__})"
        message = f"no kiosk answers at {where}: start it on this machine, and run the command as the kiosk's own user"
        raise ModeDeskError(message) from None
