"""The registry as a kiosk sees it: a few calls that give values or one of the few errors of ``sync.errors``."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import quote
from uuid import UUID

import requests
from msgspec import UnsetType
from requests import PreparedRequest, Request, Response, Session

from circulation import wire
from circulation.range_checks import RangeAnswer, RangeCheck
from sync.address import checked_ca, checked_url
from sync.answers import MAX_REFUSAL_BYTES, chunks_of, decoded, not_ours, problem_in, reason_of, refusal_in
from sync.covers import HeldCover
from sync.errors import (
    CursorGoneError,
    RegistryAnswerError,
    RegistryDistrustsError,
    RegistryUnreachableError,
    RequestEndedError,
    SyncError,
    one_line,
)
from sync.line import Deadline, Line, LineAdapter
from sync.signing import RequestSigner

CONNECT_SECONDS: Final = 3.0
READ_SECONDS: Final = 10.0
"""Longest silence in an answer, on top of what a poll may wait."""
ANSWER_SECONDS: Final = 60.0
"""Longest time for a whole answer, on top of what a poll may wait."""
ASK_SECONDS: Final = 4.0
"""Longest time for the answer to a question that a person at the kiosk waits for."""
SNAPSHOT_SECONDS: Final = 3600.0
"""Longest time for one download; the next one goes on where it stopped."""
MAX_ANSWER_BYTES: Final = 16 * 2**20
_DONE: Final = frozenset({requests.codes.ok, requests.codes.created})


@dataclass(frozen=True, slots=True)
class Download:
    """A running download: the bytes from ``start`` on, which is 0 when the registry ignored the range."""

    start: int
    chunks: Iterator[bytes]


class RegistryClient:
    """One connection to the registry, used by one thread; ``close`` may be called by any.

    Args:
        url: such as ``https://registry.library.example``; plain ``http://`` only to this machine.
        ca: PEM file of the own certificate authority; without one the system's usual ones are trusted.
        signer: signs every request; only a kiosk that enrols has none.
        cover: what card keys lie under; only who asks for changes has one.

    Raises:
        RegistryAddressError: ``url`` or ``ca`` can't be used.

    """

    def __init__(self, url: str, *, ca: Path | None = None, signer: RequestSigner | None = None, cover: HeldCover | None = None) -> None:
        self._url = checked_url(url)
        self._signer = signer
        self._cover = cover
        self._terms = ""
        """Names the offline terms that came last: the registry tells others only. After a start they come once more, which harms nothing."""
        self._line = Line()
        self._session = _Session()
        # No proxies, no .netrc, no certificates from the environment.
        self._session.trust_env = False
        self._session.headers = requests.structures.CaseInsensitiveDict(
            {"User-Agent": "youyue-kiosk", "Accept": "application/json", "Accept-Encoding": "identity"}
        )
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        if ca is not None:
            self._session.verify = checked_ca(ca)
        self._session.mount("http://", LineAdapter(self._line))
        self._session.mount("https://", LineAdapter(self._line))

    @property
    def closed(self) -> bool:
        """Whether somebody has closed it: long work between two requests looks here."""
        return self._line.closed

    def close(self) -> None:
        """End the request under way, whatever it waits for, and let no other begin. From any thread, more than once."""
        self._line.close()

    def cut(self) -> None:
        """End the request under way as one without an answer; the next may begin. From any thread."""
        self._line.cut()

    def push(self, batch: wire.PushBatch, told: tuple[UUID, str] | None = None) -> wire.PushAnswer | wire.SequenceGap | wire.KeyReused:
        """Send facts. The same batch may be sent as often as it takes. ``told``: the last witness that was heard, and of which feed.

        Raises:
            SyncError: one of its kinds.
            RequestEndedError: the client was closed.

        """
        query = None if told is None else {"feed": str(told[0]), "witness": told[1]}
        response, body = self._call("POST", "/v1/facts", body=wire.encode(batch), query=query)
        match response.status_code:
            case 200:
                return decoded(body, wire.PushAnswer)
            case 409:
                return decoded(body, wire.SequenceGap)
            case 422 if problem_in(body) is None:
                return decoded(body, wire.KeyReused)
            case _:
                raise refusal_in(response, body)

    def changes(self, feed: UUID, after: wire.Position, *, wait: int, witness: str = "") -> wire.ChangesPage:
        """Ask for the changes after a cursor; the registry may wait so many seconds for one. ``witness`` is the last one of this feed.

        Raises:
            CursorGoneError: this cursor can't be served.
            SyncError: one of its kinds.
            RequestEndedError: the client was closed.

        """
        query = {"feed": str(feed), "after": str(after), "wait": str(wait), "terms": self._terms, "witness": witness, **self._stated}
        response, body = self._call("GET", "/v1/changes", query=query, wait=wait)
        match response.status_code:
            case 200:
                page = decoded(body, wire.ChangesPage)
                if self._cover is not None:
                    page = self._cover.page(page)
                if not isinstance(page.offline, UnsetType):
                    self._terms = wire.tag_of(page.offline)
                return page
            case 410:
                gone = decoded(body, wire.SnapshotNeeded)
                raise CursorGoneError(one_line(gone.problem), restored=gone.restored is True)
            case _:
                raise refusal_in(response, body)

    def check_ranges(self, check: RangeCheck) -> RangeAnswer:
        """Ask whether the registry holds the same rows.

        Raises:
            CursorGoneError: the cursor is none of this feed.
            SyncError: one of its kinds.
            RequestEndedError: the client was closed.

        """
        asked = check if self._cover is None else self._cover.check(check)
        response, body = self._call("POST", "/v1/range-checks", body=wire.encode(asked))
        match response.status_code:
            case 200:
                answer = decoded(body, RangeAnswer)
                return answer if self._cover is None else self._cover.answer(answer)
            case 410:
                raise CursorGoneError(one_line(decoded(body, wire.SnapshotNeeded).problem))
            case _:
                raise refusal_in(response, body)

    def latest_snapshot(self) -> wire.SignedManifest:
        """What the newest snapshot for this kiosk's branch is; not checked yet. The registry may have to build it first.

        Raises:
            SyncError: one of its kinds.
            RequestEndedError: the client was closed.

        """
        response, body = self._call("GET", "/v1/snapshots/latest", query=self._stated, wait=wire.MAX_WAIT_SECONDS)
        if response.status_code != requests.codes.ok:
            raise refusal_in(response, body)
        signed = decoded(body, wire.SignedManifest)
        return signed if self._cover is None else self._cover.told_with(signed)

    def packed(self, file: BinaryIO, manifest: wire.SnapshotManifest) -> BinaryIO:
        """The bytes of a downloaded snapshot without their cover.

        Raises:
            RegistryAnswerError: they lie under another one than was told.

        """
        return file if self._cover is None else self._cover.uncovered(file, manifest)

    @contextmanager
    def snapshot(self, name: str, *, start: int, limit: int) -> Iterator[Download]:
        """Download a snapshot of ``limit`` bytes at most from byte ``start`` on; more is an error.

        Raises:
            SyncError: one of its kinds, also while the chunks are read.
            RequestEndedError: the client was closed.

        """
        headers = {"Accept": "application/zstd, application/octet-stream, application/json"}
        if start:
            headers["Range"] = f"bytes={start}-"
        with self._answer("GET", f"/v1/snapshots/{quote(name, safe='')}", headers=headers, seconds=SNAPSHOT_SECONDS) as response:
            match response.status_code:
                case 200:
                    yield Download(0, chunks_of(response, limit))
                case 206 if response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
                    yield Download(start, chunks_of(response, limit - start))
                case 206:
                    message = "Content-Range: another part of the snapshot than was asked for"
                    raise RegistryAnswerError(message)
                case _:
                    raise refusal_in(response, b"".join(chunks_of(response, MAX_REFUSAL_BYTES)))

    def ask(self, question: wire.PinCheck | wire.LossRequest) -> wire.PinAnswer | wire.LossTaken:
        """Ask what a person at the kiosk waits for: once, and ``ASK_SECONDS`` for all of it.

        Raises:
            SyncError: one of its kinds. Its words may hold what was asked: log its kind only.
            RequestEndedError: the client was closed.

        """
        is_pin = isinstance(question, wire.PinCheck)
        path = "/v1/pin-checks" if is_pin else "/v1/loss-reports"
        # A connection kept since the last question may be dead without a sign, and there is one try.
        fresh = {"Connection": "close"}
        with self._answer("POST", path, body=wire.encode(question), headers=fresh, seconds=ASK_SECONDS) as response:
            body = _whole(response)
        if response.status_code not in _DONE:
            raise refusal_in(response, body)
        return decoded(body, wire.PinAnswer) if is_pin else decoded(body, wire.LossTaken)

    def report_health(self, report: wire.HealthReport) -> None:
        """Tell the registry how this kiosk is.

        Raises:
            SyncError: one of its kinds.
            RequestEndedError: the client was closed.

        """
        response, body = self._call("POST", "/v1/health-reports", body=wire.encode(report))
        if response.status_code not in _DONE:
            raise refusal_in(response, body)
        decoded(body, wire.HealthTaken)

    def enrol(self, request: wire.EnrolmentRequest) -> wire.EnrolmentAnswer:
        """Exchange a one-time code for an identity.

        Raises:
            SyncError: one of its kinds.

        """
        response, body = self._call("POST", "/v1/enrolments", body=wire.encode(request))
        if response.status_code not in _DONE:
            raise refusal_in(response, body)
        return decoded(body, wire.EnrolmentAnswer)

    @property
    def _stated(self) -> dict[str, str]:
        return {} if self._cover is None else self._cover.stated

    def _call(
        self, method: str, path: str, *, body: bytes = b"", query: Mapping[str, str] | None = None, wait: int = 0
    ) -> tuple[Response, bytes]:
        with self._answer(method, path, body=body, query=query, wait=wait, seconds=wait + ANSWER_SECONDS) as response:
            return response, _whole(response)

    @contextmanager
    def _answer(  # noqa: PLR0913 - the parts of a request
        self,
        method: str,
        path: str,
        *,
        seconds: float,
        body: bytes = b"",
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        wait: int = 0,
    ) -> Iterator[Response]:
        fields = dict(headers or {})
        if body:
            fields["Content-Type"] = "application/json"
        request = self._session.prepare_request(Request(method, self._url + path, headers=fields, params=query, data=body or None))
        with self._line.within(seconds) as deadline, self._explained(deadline):
            response = self._sent(request, wait)
            if response.status_code == requests.codes.unauthorized and self._learned_time(response):
                response = self._sent(request, wait)
            with closing(response):
                if requests.codes.multiple_choices <= response.status_code < requests.codes.bad_request:
                    message = f"status {response.status_code}: the registry never redirects"
                    raise RegistryAnswerError(message)
                if response.headers.get("Content-Encoding", "identity") != "identity":
                    message = "Content-Encoding: an encoding that was not asked for"
                    raise RegistryAnswerError(message)
                yield response

    def _sent(self, request: PreparedRequest, wait: int) -> Response:
        if self._line.closed:
            raise RequestEndedError
        if self._signer is not None:
            self._signer.sign(request)
        return self._session.send(request, stream=True, allow_redirects=False, timeout=(CONNECT_SECONDS, wait + READ_SECONDS))

    def _learned_time(self, response: Response) -> bool:
        """Whether a 401 told the registry's time, so that the request is worth a second try."""
        if self._signer is None or response.headers.get("Content-Encoding", "identity") != "identity":
            return False
        with closing(response):
            problem = problem_in(b"".join(chunks_of(response, MAX_REFUSAL_BYTES)))
        if problem is None or problem.server_time is None or problem.server_time.tzinfo is None:
            # The answer is read up; what follows must see it all the same.
            if problem is not None:
                raise RegistryDistrustsError(response.status_code, problem)
            raise RegistryAnswerError(not_ours(response.status_code))
        self._signer.clock.learn(problem.server_time)
        return True

    @contextmanager
    def _explained(self, deadline: Deadline) -> Iterator[None]:
        """Turn what ``requests`` may raise into our errors, in short words without addresses of memory."""
        try:
            yield
        except (requests.RequestException, SyncError) as error:
            self._require_uncut(deadline)
            if isinstance(error, SyncError):
                raise
            raise RegistryUnreachableError(reason_of(error)) from None
        # To HTTP a cut line may look like the end of the answer.
        self._require_uncut(deadline)

    def _require_uncut(self, deadline: Deadline) -> None:
        if self._line.closed:
            raise RequestEndedError
        if deadline.passed:
            message = f"the answer took longer than {deadline.seconds:g} seconds"
            raise RegistryUnreachableError(message)


def _whole(response: Response) -> bytes:
    return b"".join(chunks_of(response, MAX_ANSWER_BYTES if response.ok else MAX_REFUSAL_BYTES))


class _Session(Session):
    def get_redirect_target(self, resp: Response) -> str | None:  # noqa: ARG002 - the signature of requests
        """None, ever: requests would read a redirect's whole body into memory, even when told not to follow it."""
        return None
