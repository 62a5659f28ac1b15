"""An nfcpy reader that follows a script, for what no simulated one can do: being held, unplugged, failing."""

import time
from threading import Condition

from drivers.nfcpy_frontend import FrontendError
from drivers.nfcpy_presence import Sighting
from drivers.ports import DeviceFault

LIMIT_S = 30.0
NAME = "ACS ACR122U PN532v1.6 at usb:001:004"


class ScriptedUsb:
    """A place where a reader may be plugged in. ``see`` says what the looks find from now on."""

    def __init__(self) -> None:
        self.looked_at: list[float] = []
        self.opened_at: list[float] = []
        self.open_frontends = 0
        self._refusal: FrontendError | None = None
        self._seen: Sighting = None
        self._failure: Exception | None = None
        self._news = Condition()

    # The script.

    def see(self, sighting: Sighting) -> None:
        """Let the looks find this, and wait until three have: enough for whatever it changes."""
        with self._news:
            self._seen = sighting
            wanted = len(self.looked_at) + 3
            assert self._news.wait_for(lambda: len(self.looked_at) >= wanted, LIMIT_S)

    def fail_once(self, error: Exception) -> None:
        """Let the next look raise this."""
        with self._news:
            self._failure = error

    def refuse(self, fault: DeviceFault) -> None:
        """Lose the reader, and refuse to open it."""
        with self._news:
            self._refusal = FrontendError(fault, f"refused: {fault}")

    def permit(self) -> None:
        with self._news:
            self._refusal = None

    def wait_until_tried(self, times: int) -> None:
        with self._news:
            assert self._news.wait_for(lambda: len(self.opened_at) >= times, LIMIT_S)

    # The frontend.

    def open(self) -> "ScriptedFrontend":
        with self._news:
            self.opened_at.append(time.monotonic())
            self._news.notify_all()
            if self._refusal is not None:
                raise self._refusal
            self.open_frontends += 1
            return ScriptedFrontend(self)

    def look(self) -> Sighting:
        with self._news:
            self.looked_at.append(time.monotonic())
            self._news.notify_all()
            if self._refusal is not None:
                raise self._refusal
            failure, self._failure = self._failure, None
            if failure is not None:
                raise failure
            return self._seen

    def closed(self) -> None:
        with self._news:
            self.open_frontends -= 1


class ScriptedFrontend:
    name = NAME

    def __init__(self, usb: ScriptedUsb) -> None:
        self._usb = usb

    def look(self) -> Sighting:
        return self._usb.look()

    def cancel(self) -> None:
        """A look takes no time here."""

    def close(self) -> None:
        self._usb.closed()
