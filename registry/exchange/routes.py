"""The routes of the exchange: facts in, changes and snapshots out."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import anyio
import anyio.to_thread
import structlog
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Stream
from msgspec.structs import replace

from circulation.wire import (
    MAX_WITNESS,
    ChangesPage,
    FactStatus,
    KeyReused,
    Problem,
    PushAnswer,
    PushBatch,
    SequenceGap,
    SignedManifest,
    SnapshotNeeded,
)
from registry.access import Who, may_use, sender_of
from registry.answers import answer, described
from registry.exchange.batches import read_batch
from registry.exchange.polls import Asked, Polls
from registry.exchange.push import FactIntake
from registry.exchange.ranges import ByteRange, RangeNotSatisfiableError, read_range
from registry.exchange.sender import Sender
from registry.exchange.snapshots import SnapshotShelf, SnapshotStoppedError
from registry.exchange.testimony import Testimony
from registry.kiosks.covers import Covers, StatedCover
from registry.openapi import taking
from registry.problems import RefusedError, refusal
from replica.covers import Cover

_log = structlog.get_logger()
_CHUNK = 256 * 1024
_ASK_AGAIN = 5
_LAST_POSITION = 2**63 - 1
_LONGEST_TAG = 64
_Stated = Annotated[str | None, QueryParameter(max_length=_LONGEST_TAG)]
_PUSH_STATUS = {
    PushAnswer: HTTPStatus.OK,
    SequenceGap: HTTPStatus.CONFLICT,
    KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    Problem: HTTPStatus.UNPROCESSABLE_ENTITY,
}
_SIGNED = {401: "The signature proves nothing; the registry's time is in the answer.", 403: "The kiosk's rights were taken away."}


def fact_routes(intake: FactIntake, testimony: Testimony) -> list[HTTPRouteHandler]:
    """``POST /v1/facts``. A replayed request is harmless: facts are idempotent.

    A kiosk that shows what it was told last is answered by a new feed when this database has lost it: else numbers would come again under which
    the kiosk has heard of other changes, and it would believe that it sees what it did.
    """

    @post(
        "/v1/facts",
        opt=may_use(Who.KIOSK),
        operation_class=taking(PushBatch),
        summary="Take facts of a kiosk, each exactly once",
        status_code=200,
        responses=described(
            {
                200: (PushAnswer, "The result of every fact, the first one on every retry."),
                409: (SequenceGap, "Facts are missing before these."),
                422: (KeyReused, "A number or key came before with another body, or (a Problem) the chain is broken; nothing was applied."),
            },
            refusals={400: "The batch is malformed as a whole.", 413: "The body is larger than 4 MiB.", **_SIGNED},
        ),
    )
    async def take(
        request: Request[Any, Any, Any],
        feed: Annotated[UUID | None, QueryParameter()] = None,
        witness: Annotated[str | None, QueryParameter(max_length=MAX_WITNESS)] = None,
    ) -> Response[bytes]:
        sender = sender_of(request)
        if feed is not None:
            await testimony.shows_loss(feed, witness)
        batch = await anyio.to_thread.run_sync(read_batch, await request.body())
        result = await anyio.to_thread.run_sync(intake.take, sender, batch)
        if isinstance(result, PushAnswer):
            unclean = sum(one.status is not FactStatus.ACCEPTED for one in result.results)
            _log.info(
                "facts_taken",
                kiosk=str(sender.kiosk),
                branch=sender.branch,
                seq=result.next_seq,
                count=len(result.results),
                problem=unclean,
            )
        else:
            _log.warning("facts_refused", kiosk=str(sender.kiosk), branch=sender.branch, problem=type(result).__name__)
        return answer(result, _PUSH_STATUS[type(result)])

    return [take]


def change_routes(polls: Polls) -> list[HTTPRouteHandler]:
    """``GET /v1/changes``: the long poll."""

    @get(
        "/v1/changes",
        opt=may_use(Who.KIOSK),
        summary="Changes after a cursor, as soon as there are any",
        responses=described(
            {200: (ChangesPage, "Changes, or none when the wait was over."), 410: (SnapshotNeeded, "This cursor cannot be served.")},
            refusals={400: "A parameter is malformed.", **_SIGNED},
        ),
    )
    async def changes(  # noqa: PLR0913, PLR0917 - the parameters of the query, by which OpenAPI describes them
        request: Request[Any, Any, Any],
        feed: FromQuery[UUID],
        after: Annotated[int, QueryParameter(ge=0, le=_LAST_POSITION)],
        wait: Annotated[float, QueryParameter(ge=0)] = 0,
        terms: _Stated = None,
        witness: Annotated[str | None, QueryParameter(max_length=MAX_WITNESS)] = None,
        cover: _Stated = None,
        cover_key: _Stated = None,
    ) -> Response[bytes]:
        asked = Asked(feed, after, wait, terms, witness, StatedCover.read(cover, cover_key))
        return answer(await polls.page(sender_of(request), asked))

    return [changes]


@dataclass(frozen=True, slots=True)
class Builder:
    """One thread that builds snapshots, how long a request waits for it, and what they lie under."""

    shelf: SnapshotShelf
    thread: ThreadPoolExecutor
    patience: timedelta
    covers: Covers

    async def latest(self, sender: Sender, held: StatedCover | None) -> SignedManifest:
        """The newest snapshot of a kiosk's branch, with its cover for a kiosk that holds another one.

        Raises:
            RefusedError: 503 with ``Retry-After``, it is still being built; 403, the kiosk's rights were taken away meanwhile.

        """
        covering = await self.covers.against(sender.kiosk, held)
        return replace(await self._latest(sender.branch, covering.cover), new_cover=covering.told)

    async def _latest(self, branch: str, cover: Cover | None) -> SignedManifest:
        ready = await anyio.to_thread.run_sync(self.shelf.ready, branch, cover)
        if ready is not None:
            return ready
        building = asyncio.get_running_loop().run_in_executor(self.thread, partial(self.shelf.latest, branch, cover))
        try:
            async with asyncio.timeout(self.patience.total_seconds()):
                return await asyncio.shield(building)
        except (TimeoutError, SnapshotStoppedError):
            building.add_done_callback(_look_at)
            error = refusal(HTTPStatus.SERVICE_UNAVAILABLE, "snapshot_building", "the snapshot is being built: ask again")
            raise RefusedError(error.status, error.envelope, retry_after=_ASK_AGAIN) from None


def _look_at(building: asyncio.Future[SignedManifest]) -> None:
    """Nobody waits for this build any more; a failure must still be seen."""
    if not building.cancelled() and building.exception() is not None:
        _log.error("snapshot_failed", problem=type(building.exception()).__name__)


def snapshot_routes(builder: Builder) -> list[HTTPRouteHandler]:
    """``GET /v1/snapshots/latest`` and ``GET /v1/snapshots/{name}``."""

    @get(
        "/v1/snapshots/latest",
        opt=may_use(Who.KIOSK),
        summary="The newest snapshot of the kiosk's branch",
        responses=described(
            {200: (SignedManifest, "What it is, where to fetch it, signed.")},
            refusals={400: "A parameter is malformed.", **_SIGNED, 503: "It is being built: ask again after Retry-After."},
        ),
    )
    async def latest(request: Request[Any, Any, Any], cover: _Stated = None, cover_key: _Stated = None) -> Response[bytes]:
        return answer(await builder.latest(sender_of(request), StatedCover.read(cover, cover_key)))

    @get(
        "/v1/snapshots/{name:str}",
        opt=may_use(Who.KIOSK),
        summary="A snapshot's bytes, whole or a range of them",
        media_type="application/zstd",
        responses=described({}, refusals={**_SIGNED, 404: "The branch has no such snapshot.", 416: "The range begins beyond the end."}),
    )
    async def fetch(request: Request[Any, Any, Any], name: FromPath[str]) -> Stream | Response[bytes]:
        path = await anyio.to_thread.run_sync(builder.shelf.file, sender_of(request).branch, name)
        if path is None:
            raise refusal(HTTPStatus.NOT_FOUND, "snapshot_unknown", "your branch has no such snapshot: ask for the latest")
        return _file(request, path)

    return [latest, fetch]


def _file(request: Request[Any, Any, Any], path: Path) -> Stream | Response[bytes]:
    size = path.stat().st_size
    tag = f'"{path.name}"'
    headers = {"ETag": tag, "Accept-Ranges": "bytes", "Cache-Control": "private, max-age=31536000, immutable"}
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    ours = request.headers.get("if-range") in {None, tag}
    try:
        part = read_range(request.headers.get("range") if ours else None, size)
    except RangeNotSatisfiableError as error:
        refused = refusal(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "range", str(error))
        return answer(refused.envelope, refused.status, {"Content-Range": f"bytes */{size}"})
    whole = ByteRange(0, size - 1)
    sent = part or whole
    headers["Content-Length"] = str(sent.length)
    if part is not None:
        headers["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    status = HTTPStatus.OK if part is None else HTTPStatus.PARTIAL_CONTENT
    return Stream(_chunks(path, sent), status_code=status, headers=headers, media_type="application/zstd")


async def _chunks(path: Path, part: ByteRange) -> AsyncIterator[bytes]:
    left = part.length
    async with await anyio.open_file(path, "rb") as file:
        await file.seek(part.first)
        while left and (chunk := await file.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk
