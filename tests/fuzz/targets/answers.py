"""What comes back on the line to the registry: statuses, headers and bodies of whoever answers there."""

import ssl
from collections.abc import Callable, Iterator, Mapping

import msgspec
import requests

from circulation import wire
from circulation.revocations import KioskRevoked, Revocation
from sync.answers import chunks_of, decoded, not_ours, problem_in, reason_of, refusal_in
from sync.errors import RegistryAnswerError, RegistryRefusedError, RegistryUnreachableError, SyncError
from tests.fuzz.inputs import Bytes, is_plain, pieces, text_of
from tests.fuzz.target import Target

WANTED: tuple[type[msgspec.Struct], ...] = (
    wire.PushAnswer,
    wire.ChangesPage,
    wire.SnapshotNeeded,
    wire.SequenceGap,
    wire.KeyReused,
    wire.SignedManifest,
    wire.SnapshotManifest,
    wire.EnrolmentAnswer,
    wire.PinAnswer,
    wire.LossTaken,
    wire.HealthTaken,
    wire.Problem,
    KioskRevoked,
    Revocation,
)
LIMIT = 64


def _untrusted(said: str) -> ssl.SSLError:
    error = ssl.SSLCertVerificationError(1, said)
    error.verify_message = said
    return error


_FAILURES: tuple[Callable[[str], requests.RequestException], ...] = (
    requests.ConnectTimeout,
    requests.ReadTimeout,
    requests.TooManyRedirects,
    lambda said: requests.ConnectionError(OSError(1, said)),
    lambda said: _caused(_untrusted(said)),
)


def _caused(reason: Exception) -> requests.ConnectionError:
    error = requests.ConnectionError(reason)
    error.__cause__ = reason
    return error


class _Answer(requests.Response):
    """An answer whose parts the bytes say."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes, steps: bytes) -> None:
        super().__init__()
        self.status_code = status
        self.headers.update(headers)
        self._parts = pieces(body, steps)

    def iter_content(self, *_args: object, **_kwargs: object) -> Iterator[bytes]:
        return iter(self._parts)


def registry_answer(data: bytes) -> None:
    """One answer, read as every kind that a kiosk may expect."""
    given = Bytes(data)
    status = (200, 400, 401, 403, 404, 408, 409, 410, 422, 429, 500, 503, 302, 999)[given.number() % 14]
    wanted = WANTED[given.number() % len(WANTED)]
    steps = given.take(2)
    field = text_of(given.take(given.number() % 8)) * (given.number(2) + 1)
    body = given.rest()
    answer = _Answer(status, {"Content-Length": field, "Retry-After": field}, body, steps)
    try:
        received = b"".join(chunks_of(answer, LIMIT))
    except RegistryAnswerError:
        received = b""
    assert len(received) <= LIMIT
    try:
        value = decoded(body, wanted)
    except RegistryAnswerError as error:
        assert is_plain(str(error))
    else:
        assert decoded(wire.encode(value), wanted) == value
    refusal = refusal_in(answer, body)
    assert isinstance(refusal, SyncError)
    assert is_plain(str(refusal))
    if isinstance(refusal, RegistryUnreachableError):
        assert refusal.retry_after is None or 0 <= refusal.retry_after < 10**9
    if isinstance(refusal, RegistryRefusedError):
        assert problem_in(body) is not None
    assert is_plain(not_ours(status))
    said = text_of(body[:40])
    assert is_plain(reason_of(_FAILURES[status % len(_FAILURES)](said)))


TARGETS = (Target("registry_answer", ("sync.answers",), registry_answer, longest=600),)
