"""Walking to the registry step by step: name, connection, trust, answer. Says where the way ends."""

import http.client
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from cryptography import x509

from sync.address import RegistryAddressError, checked_ca, checked_url
from sync.errors import one_line
from youyue.doctor.facts import NetworkFacts, Reached

NAME_SECONDS = 5.0
CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 5.0
_MOST_BYTES = 64 * 2**10
_OK, _UNAVAILABLE = 200, 503


class _EndOfTheWay(Exception):  # noqa: N818 - the way has an end, which is news and no error of ours
    def __init__(self, reached: Reached, detail: str, expires_at: datetime | None = None) -> None:
        super().__init__(detail)
        self.reached = reached
        self.detail = one_line(detail)
        self.expires_at = expires_at


def see_network(
    url: str,
    ca: Path | None,
    *,
    now: Callable[[], datetime],
    monotonic: Callable[[], float] = time.monotonic,
    trusting: bool = False,
) -> NetworkFacts:
    """Walk to a registry, at most some 16 seconds long. Nothing is signed and nothing is sent but the question whether it is there.

    ``trusting`` takes any certificate: for the service of this machine itself, which has another's name there.
    """
    began = monotonic()
    try:
        expires_at, offset = _walk(url, ca, now, trusting=trusting)
    except _EndOfTheWay as end:
        return NetworkFacts(one_line(url), end.reached, end.detail, expires_at=end.expires_at)
    return NetworkFacts(url, Reached.ALL, milliseconds=round(1000 * (monotonic() - began)), expires_at=expires_at, offset=offset)


def _walk(url: str, ca: Path | None, now: Callable[[], datetime], *, trusting: bool) -> tuple[datetime | None, timedelta | None]:
    try:
        parts = urlsplit(checked_url(url))
        authority = None if ca is None else checked_ca(ca)
    except RegistryAddressError as error:
        raise _EndOfTheWay(Reached.ADDRESS, str(error)) from None
    host, secure = parts.hostname or "", parts.scheme == "https"
    address = _looked_up(host, parts.port or (443 if secure else 80))
    plain = _connected(address)
    with plain:
        if not secure:
            return None, _answer(plain, host, parts.path, now)
        context = _any_certificate() if trusting else ssl.create_default_context(cafile=authority)
        try:
            line = context.wrap_socket(plain, server_hostname=host)
        except (ssl.SSLError, OSError) as error:
            said = error.verify_message if isinstance(error, ssl.SSLCertVerificationError) else error.strerror or str(error)
            raise _EndOfTheWay(Reached.TRUST, said, _unchecked_end(address)) from None
        with line:
            certificate = line.getpeercert(binary_form=True)
            end = None if certificate is None else x509.load_der_x509_certificate(certificate).not_valid_after_utc
            try:
                return end, _answer(line, host, parts.path, now)
            except _EndOfTheWay as broken:
                raise _EndOfTheWay(broken.reached, broken.detail, end) from None


def _looked_up(host: str, port: int) -> tuple[str, int]:
    """The first address of a host. Looking up may take as long as the system likes, so another thread waits for it."""
    found: queue.SimpleQueue[tuple[str, int] | str] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][:2])  # type: ignore[arg-type]  # IPv6 has two more parts
        except OSError as error:
            found.put(error.strerror or str(error))

    threading.Thread(target=look_up, daemon=True).start()
    try:
        answer = found.get(timeout=NAME_SECONDS)
    except queue.Empty:
        answer = f"no answer within {NAME_SECONDS:g} s"
    if isinstance(answer, str):
        raise _EndOfTheWay(Reached.NAME, answer)
    return answer


def _connected(address: tuple[str, int]) -> socket.socket:
    try:
        return socket.create_connection(address, timeout=CONNECT_SECONDS)
    except TimeoutError:
        raise _EndOfTheWay(Reached.CONNECTION, f"no connection within {CONNECT_SECONDS:g} s") from None
    except OSError as error:
        raise _EndOfTheWay(Reached.CONNECTION, error.strerror or str(error)) from None


def _unchecked_end(address: tuple[str, int]) -> datetime | None:
    """The end of life of a certificate that is not trusted: it may be just that."""
    try:
        with socket.create_connection(address, timeout=CONNECT_SECONDS) as plain, _any_certificate().wrap_socket(plain) as line:
            certificate = line.getpeercert(binary_form=True)
    except OSError:
        return None
    return None if certificate is None else x509.load_der_x509_certificate(certificate).not_valid_after_utc


def _any_certificate() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _answer(line: socket.socket, host: str, path: str, now: Callable[[], datetime]) -> timedelta | None:
    """How far this machine's clock is before the registry's, from one question."""
    line.settimeout(ANSWER_SECONDS)
    asking = http.client.HTTPConnection(host)
    asking.sock = line
    cut = threading.Timer(ANSWER_SECONDS, _cut, (line,))
    cut.daemon = True
    cut.start()
    try:
        asked_at = now()
        asking.request("GET", f"{path.rstrip('/')}/health/ready", headers={"Connection": "close"})
        answer = asking.getresponse()
        heard_at = now()
        body = answer.read(_MOST_BYTES)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _EndOfTheWay(Reached.ANSWER, str(error) or type(error).__name__) from None
    finally:
        cut.cancel()
    if answer.status not in {_OK, _UNAVAILABLE} or not _is_ours(body):
        raise _EndOfTheWay(Reached.ANSWER, f"status {answer.status} without a registry's words")
    if answer.status == _UNAVAILABLE:
        raise _EndOfTheWay(Reached.READY, f"status {answer.status}")
    return _offset(answer.headers.get("Date", ""), asked_at + (heard_at - asked_at) / 2)


def _cut(line: socket.socket) -> None:
    try:
        socket.socket.shutdown(line, socket.SHUT_RDWR)
    except OSError:
        return  # it has ended by itself


def _is_ours(body: bytes) -> bool:
    """Whether these are the words of a registry: how it is, or its problem."""
    try:
        said = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return isinstance(said, dict) and ("status" in said or "code" in said)


def _offset(date: str, ours: datetime) -> timedelta | None:
    """Ours minus theirs; to the second, because their clock is told so."""
    try:
        theirs = parsedate_to_datetime(date)
    except ValueError:
        return None
    if theirs.tzinfo is None:
        return None
    return ours - theirs.astimezone(UTC)
