"""What can go wrong between a kiosk and the registry. Every failure of the network ends as one of these few."""

from typing import ClassVar

from circulation.revocations import KioskRevoked
from circulation.wire import Problem
from sync.plan import Heard

_LONGEST_PROBLEM = 200


class SyncError(Exception):
    """A request did not bring what it was sent for. ``heard`` says what the plan makes of it."""

    heard: ClassVar[Heard] = Heard.UNREADABLE


class RegistryUnreachableError(SyncError):
    """No connection, no answer in time, a certificate that is not trusted, or a fault on the registry's side. Retry later."""

    heard = Heard.UNREACHABLE

    def __init__(self, problem: str, *, retry_after: float | None = None) -> None:
        super().__init__(problem)
        self.retry_after = retry_after
        """Seconds that the registry itself asked to wait: it is there, and busy."""


class RegistryAnswerError(SyncError):
    """An answer that the protocol does not know: too long, broken, a redirect. Names the place. Retry later; somebody should look."""


class RegistryRefusedError(SyncError):
    """The registry understood the request and refused it; ``problem`` says why, in its own words."""

    heard = Heard.REJECTED

    def __init__(self, status: int, problem: Problem) -> None:
        self.status = status
        self.problem = problem
        place = f" (at {one_line(problem.place)})" if problem.place else ""
        super().__init__(f"{one_line(problem.code)}: {one_line(problem.problem)}{place}")


class RegistryOlderError(RegistryRefusedError):
    """404 or 405 in the protocol's words: the registry's programme does not have this address, it is older than this one. Nothing is wrong."""

    heard = Heard.OLDER


class RegistryDistrustsError(RegistryRefusedError):
    """401: the signature proves nothing to the registry, although the clock was put right. Retry later; somebody should look."""

    heard = Heard.UNPROVEN


class RegistryForbidsError(RegistryRefusedError):
    """403: this kiosk was revoked, or the code it shows is not good. A person must look. ``word`` is the registry's signed one, unchecked."""

    heard = Heard.REVOKED

    def __init__(self, status: int, problem: Problem, word: KioskRevoked | None = None) -> None:
        super().__init__(status, problem)
        self.word = word


class CursorGoneError(SyncError):
    """410: the registry can't go on from this cursor; a snapshot must be fetched."""

    heard = Heard.GONE

    def __init__(self, problem: str, *, restored: bool = False) -> None:
        super().__init__(problem)
        self.restored = restored
        """The registry says that it was put back to a backup."""


class SnapshotError(SyncError):
    """A snapshot can't be taken: forged, broken, old, or there is no room. The kiosk goes on with the replica it has."""


class RequestEndedError(Exception):
    """The client was closed while this request was under way: the kiosk is stopping."""


def one_line(text: str) -> str:
    """Text from outside for logs and errors: one line without control characters, at most 200 characters."""
    clean = "".join(character if character.isprintable() else " " for character in text)
    return clean if len(clean) <= _LONGEST_PROBLEM else clean[:_LONGEST_PROBLEM] + "…"
