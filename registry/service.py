"""The registry as an ASGI application. A factory: everything it needs is given, nothing is global."""

from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import anyio.to_thread
import structlog
from litestar import Litestar, Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, ControllerRouterHandler, Message, Receive, Scope, Send

from registry.access import Gatekeeper
from registry.answers import refused
from registry.audit.refusals import Refusals
from registry.body_reader import BodyReader
from registry.database import Database
from registry.database_errors import DatabaseAwayError
from registry.desk.room import Desk
from registry.desk.routes import desk_routes
from registry.directory import Directory
from registry.exchange.head import FeedHead
from registry.exchange.polls import Beside, Polls
from registry.exchange.push import AfterLoans, FactIntake
from registry.exchange.range_checks import RangeChecks
from registry.exchange.range_routes import range_routes
from registry.exchange.restored import RestoredRegistry
from registry.exchange.routes import Builder, change_routes, fact_routes, snapshot_routes
from registry.exchange.snapshots import SnapshotShelf
from registry.exchange.store_feed import marks_at_start
from registry.exchange.terms_told import TermsTold
from registry.exchange.testimony import Testimony
from registry.exchange.wakeups import following
from registry.exchange.witnesses import Seals
from registry.health import health_routes
from registry.kiosks.covers import Covers
from registry.kiosks.enrolment import Enrolment
from registry.kiosks.health_routes import kiosk_health_routes
from registry.kiosks.routes import kiosk_routes
from registry.kiosks.store import KioskRecord
from registry.mobile.door import Door
from registry.mobile.member_routes import member_routes
from registry.mobile.routes import mobile_routes
from registry.openapi import description
from registry.outside import Outside
from registry.problems import RefusedError, refusal
from registry.rosters.room import Rosters
from registry.rosters.routes import bureau_routes
from registry.settings import RegistrySettings
from registry.upkeep import Upkeep

_log = structlog.get_logger()
_ASK_AGAIN = 5
_NO_ROUTE = "no route"


@dataclass(frozen=True, slots=True)
class Parts:
    """What the service is made of."""

    database: Database
    directory: Directory[KioskRecord]
    enrolment: Enrolment
    shelf: SnapshotShelf
    head: FeedHead
    outside: Outside
    settings: RegistrySettings
    refusals: Refusals
    upkeep: Upkeep
    desk: Desk
    after_loans: AfterLoans
    rosters: Rosters
    restored: RestoredRegistry
    covers: Covers


def create_app(parts: Parts) -> Litestar:
    """Put the service together. The database must be at this program's revision and its feed begun."""
    now = parts.outside.now
    intake = FactIntake(parts.database, now=now, zone=parts.settings.zone, notify=parts.head.notify, after_loans=parts.after_loans)
    terms = TermsTold(parts.desk.offline.telling, today=parts.desk.offline.today)
    testimony = Testimony(Seals(parts.enrolment.keys.witness_key), parts.restored.believe, parts.head)
    polls = Polls(parts.database, parts.head, Beside(testimony, terms, parts.covers), now=now)
    bodies = BodyReader(parts.settings.body_patience)
    parts.head.when_closed(bodies.close)
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="snapshot")
    for_apps = Door(parts.desk, parts.outside, parts.settings, parts.refusals)
    routes: list[ControllerRouterHandler] = [
        *health_routes(parts.database),
        *kiosk_routes(parts.enrolment, bodies),
        *kiosk_health_routes(parts.database, now),
        *fact_routes(intake, testimony),
        *change_routes(polls),
        *range_routes(RangeChecks(parts.database, parts.covers, now=now), now),
        *desk_routes(parts.desk, parts.outside, parts.settings, parts.refusals),
        *mobile_routes(for_apps),
        *member_routes(for_apps),
        *bureau_routes(parts.rosters.bureau),
        *snapshot_routes(Builder(parts.shelf, thread, parts.settings.snapshot_patience, parts.covers)),
    ]
    return Litestar(
        route_handlers=routes,
        guards=[
            Gatekeeper(
                parts.database, parts.directory, parts.desk.partners.directory, now, bodies, parts.refusals, parts.enrolment.keys.sign
            )
        ],
        exception_handlers={RefusedError: _refused, DatabaseAwayError: _away, HTTPException: _http, Exception: _unforeseen},
        lifespan=[_living(parts, thread)],
        middleware=[_logged(now)],
        openapi_config=description(),
        request_max_body_size=parts.settings.max_body,
        logging_config=None,
        debug=False,
    )


def _living(parts: Parts, thread: ThreadPoolExecutor) -> Callable[[Litestar], Any]:
    @asynccontextmanager
    async def living(_app: Litestar) -> AsyncIterator[None]:
        def marks() -> Any:  # noqa: ANN401 - run in another thread
            with parts.database.reading() as connection:
                return marks_at_start(connection)

        await anyio.to_thread.run_sync(parts.directory.reload)
        async with following(parts.database, parts.head), parts.upkeep.running(parts.settings.upkeep):
            watching = parts.head.start(await anyio.to_thread.run_sync(marks))
            try:
                yield
            finally:
                parts.head.close()
                parts.shelf.stop()
                await watching
                thread.shutdown(wait=True, cancel_futures=True)

    return living


def _route(scope: Scope) -> str:
    """The route that a request took, for logs: what stands in an address is a stranger's, and may be somebody's name or number."""
    return str(scope.get("path_template", "")) or _NO_ROUTE


def _refused(_request: Request[Any, Any, Any], error: RefusedError) -> Response[bytes]:
    return refused(error)


def _away(request: Request[Any, Any, Any], _error: DatabaseAwayError) -> Response[bytes]:
    _log.error("database_away", path=_route(request.scope))
    away = refusal(HTTPStatus.SERVICE_UNAVAILABLE, "database_away", "the registry's database does not answer: ask again")
    return refused(RefusedError(away.status, away.envelope, retry_after=_ASK_AGAIN))


_CODES = {
    HTTPStatus.BAD_REQUEST: ("malformed", "the request is malformed"),
    HTTPStatus.NOT_FOUND: ("not_found", "there is nothing at this address"),
    HTTPStatus.METHOD_NOT_ALLOWED: ("method", "this address is not used in this way"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("too_large", "the body is too large: send fewer facts at once"),
}


def _http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _unforeseen(request, error)
    code, problem = _CODES.get(HTTPStatus(error.status_code), ("refused", "the request was refused"))
    place = ""
    with suppress(AttributeError, KeyError, TypeError, IndexError):
        place = str(error.extra[0]["key"])  # type: ignore[index, unused-ignore] # the framework's own list of what was wrong
    return refused(refusal(error.status_code, code, problem, place=place))


def _unforeseen(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Short and coded to the sender; to the operator, which error and where in our code, but no values: they may be somebody's."""
    _log.error("request_failed", path=_route(request.scope), problem=f"{type(error).__name__} at {_where(error)}")
    return refused(refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", "the registry failed; its log says where"))


def _where(error: Exception) -> str:
    room = str(Path(__file__).parent)
    where = "the framework"
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith(room):
            where = f"{Path(trace.tb_frame.f_code.co_filename).relative_to(room)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return where


def _logged(now: Callable[[], datetime]) -> Callable[[ASGIApp], ASGIApp]:
    def logged(app: ASGIApp) -> ASGIApp:
        async def logging(scope: Scope, receive: Receive, send: Send) -> None:
            begun = now()
            status = 0

            async def sending(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            await app(scope, receive, sending)
            sender, partner = scope["state"].get("sender"), scope["state"].get("partner")
            _log.debug(
                "request",
                path=_route(scope),
                status=status,
                milliseconds=(now() - begun) // timedelta(milliseconds=1),
                kiosk=None if sender is None else str(sender.kiosk),
                branch=None if sender is None else sender.branch,
                partner=None if partner is None else str(partner.id),
            )

        return logging

    return logged
