"""Refusals as they travel: a status, a stable code, a sentence. No refusal carries a traceback or a value from the database."""

from datetime import datetime

from msgspec import Struct

from circulation.wire import Problem


class RefusedError(Exception):
    """This request is refused with this envelope."""

    def __init__(self, status: int, envelope: Struct, *, retry_after: int | None = None) -> None:
        code = envelope.code if isinstance(envelope, Problem) else type(envelope).__name__
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.envelope = envelope
        self.retry_after = retry_after


def refusal(status: int, code: str, problem: str, *, place: str = "", server_time: datetime | None = None) -> RefusedError:
    """A refusal with a code, a sentence, and the place in the request where there is one."""
    return RefusedError(status, Problem(code=code, problem=problem, place=place, server_time=server_time))
