"""How often machines of a world ask: the rule of back-off and jitter (sync rule 12) as a watch over everything that is sent."""

from collections import defaultdict, deque

from requests import PreparedRequest

from tests.simulation.laws import BrokenLawError, Law

_WINDOW = 60.0
_MOST = 20
"""The same request so often within a minute: with full jitter up to half a minute it comes seven times or so."""
_HERD = 3
_APART = 0.5
"""Seconds within which the first tries of a herd never all come, when they are spread over half a minute."""


class Pace:
    """Of one line in one run of a kiosk's process."""

    def __init__(self) -> None:
        self._asked: defaultdict[tuple[str, str, bytes], deque[float]] = defaultdict(deque)
        self._broken_at: float | None = None
        self.back_at: float | None = None
        """When it was first tried again after the line broke."""

    def asks(self, request: PreparedRequest, at: float) -> None:
        """Something is sent.

        Raises:
            BrokenLawError: the same was sent too often.

        """
        if self._broken_at is not None and at > self._broken_at and self.back_at is None:
            self.back_at = at
        body = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
        times = self._asked[request.method or "", request.url or "", body]
        times.append(at)
        while times[0] < at - _WINDOW:
            times.popleft()
        if len(times) > _MOST:
            raise BrokenLawError(Law.PACE, f"{request.method} {request.path_url} was sent {len(times)} times within a minute")
        if len(self._asked) > _MOST:
            self._asked = defaultdict(deque, {key: when for key, when in self._asked.items() if when[-1] >= at - _WINDOW})

    def breaks(self, at: float) -> None:
        """The line breaks under an open poll."""
        self._broken_at, self.back_at = at, None


def require_spread(back_at: list[float]) -> bool:
    """Whether a herd came back spread out; false: there was none.

    Raises:
        BrokenLawError: all of it came at once.

    """
    if len(back_at) < _HERD:
        return False
    if max(back_at) - min(back_at) < _APART:
        raise BrokenLawError(Law.PACE, f"{len(back_at)} kiosks whose polls broke together came back within {_APART} s")
    return True
