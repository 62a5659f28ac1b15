"""Reading what came back: caps, strict decoding, the error for everything that is no answer."""

import ssl
from collections.abc import Iterator
from typing import Final, TypeVar

import msgspec
import requests
from requests import Response

from circulation import wire
from circulation.revocations import KioskRevoked
from sync.errors import (
    RegistryAnswerError,
    RegistryDistrustsError,
    RegistryForbidsError,
    RegistryOlderError,
    RegistryRefusedError,
    RegistryUnreachableError,
    SyncError,
    one_line,
)

MAX_REFUSAL_BYTES: Final = 64 * 2**10
_CHUNK_BYTES: Final = 64 * 2**10
_PASSING: Final = frozenset({408, 429})
"""Refusals that say nothing about the request itself: too slow, too many."""
_MANY_DIGITS: Final = 9
_DIGITS_OF_ANY_LENGTH: Final = 20
"""Of 64 bits."""
_NO_ADDRESS: Final = frozenset({(404, "not_found"), (405, "method")})
"""What a registry says of an address that it does not have. A 404 of a snapshot that is gone has another code."""

Wanted = TypeVar("Wanted", bound=msgspec.Struct)


def chunks_of(response: Response, limit: int) -> Iterator[bytes]:
    """The body, piece by piece.

    Raises:
        RegistryAnswerError: it is longer than the limit, or says that it will be.

    """
    declared = response.headers.get("Content-Length", "")
    message = f"the answer is longer than {limit} bytes"
    # Python refuses to read a number of some thousand digits.
    if declared.isdecimal() and (len(declared) > _DIGITS_OF_ANY_LENGTH or int(declared) > limit):
        raise RegistryAnswerError(message)
    count = 0
    for chunk in response.iter_content(_CHUNK_BYTES):
        count += len(chunk)
        if count > limit:
            raise RegistryAnswerError(message)
        yield chunk


def decoded(body: bytes, wanted: type[Wanted]) -> Wanted:
    """Read an answer strictly.

    Raises:
        RegistryAnswerError: it is not what was wanted; names the place.

    """
    try:
        return msgspec.json.decode(body, type=wanted)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        message = f"{wanted.__name__}: {one_line(str(error))}"
        raise RegistryAnswerError(message) from None


def problem_in(body: bytes) -> wire.Problem | None:
    """The refusal in the protocol's words, if it is one."""
    try:
        return decoded(body, wire.Problem)
    except RegistryAnswerError:
        return None


def refusal_in(response: Response, body: bytes) -> SyncError:
    """The error for any other answer. Only a refusal in the protocol's words counts as one: a proxy on the way may say 404 too."""
    status = response.status_code
    if status >= requests.codes.internal_server_error or status in _PASSING:
        return RegistryUnreachableError(f"status {status}", retry_after=_seconds(response.headers.get("Retry-After", "")))
    problem = problem_in(body)
    if problem is None:
        return RegistryAnswerError(not_ours(status))
    match status:
        case requests.codes.unauthorized:
            return RegistryDistrustsError(status, problem)
        case requests.codes.forbidden:
            return RegistryForbidsError(status, problem, _word_in(body))
        case _ if (status, problem.code) in _NO_ADDRESS:
            return RegistryOlderError(status, problem)
        case _:
            return RegistryRefusedError(status, problem)


def _word_in(body: bytes) -> KioskRevoked | None:
    try:
        return decoded(body, KioskRevoked)
    except RegistryAnswerError:
        return None


def _seconds(field: str) -> float | None:
    return float(field) if field.isdecimal() and len(field) < _MANY_DIGITS else None


def not_ours(status: int) -> str:
    """For an answer that somebody else seems to have given."""
    return f"status {status} without the protocol's words: is this the registry's address?"


def reason_of(error: requests.RequestException) -> str:
    """Why a request failed, in short words without addresses of memory."""
    match error:
        case requests.exceptions.ConnectTimeout():
            return "no connection in time"
        case requests.exceptions.ReadTimeout():
            return "no answer in time"
    inner = _innermost(error)
    if isinstance(inner, ssl.SSLCertVerificationError):
        return f"the registry's certificate is not trusted: {one_line(inner.verify_message)}"
    text = inner.strerror if isinstance(inner, OSError) and inner.strerror else str(inner)
    return f"the connection failed: {one_line(text or type(inner).__name__)}"


def _innermost(error: BaseException) -> BaseException:
    """What the system said, below the layers around it."""
    reason = getattr(error, "reason", None)
    below = reason if isinstance(reason, BaseException) else error.__cause__ or error.__context__
    return error if below is None else _innermost(below)
