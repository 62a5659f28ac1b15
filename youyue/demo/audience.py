"""The audience of one kiosk: keeps its latest view and lets a story wait for what it wants to see."""

from collections.abc import Callable
from threading import Condition

from kiosk.view import View


class NeverSeenError(TimeoutError):
    """What the story waited for did not come in time; says what was seen last."""


class Audience:
    """Hears views in a core thread, is asked in the story's thread."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._view: View | None = None
        self._left = False

    def see(self, view: View) -> None:
        """A new view. Returns at once."""
        with self._changed:
            self._view = view
            self._changed.notify_all()

    def leave(self) -> None:
        """Nothing more will be seen: whoever waits is told so at once."""
        with self._changed:
            self._left = True
            self._changed.notify_all()

    def wait_for(self, what: str, seen: Callable[[View], bool], *, seconds: float) -> View:
        """Wait until the latest view is as wanted.

        Raises:
            NeverSeenError: it did not come within so many seconds, or nothing more will come.

        """
        with self._changed:
            self._changed.wait_for(lambda: self._left or (self._view is not None and seen(self._view)), seconds)
            if self._view is not None and seen(self._view):
                return self._view
            last = "nothing" if self._view is None else type(self._view.screen).__name__
        message = f"waited {seconds:g} s for {what}; the last screen was {last}"
        raise NeverSeenError(message)
