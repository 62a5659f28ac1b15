"""The route on which kiosks tell how they are."""

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

import anyio.to_thread
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler

from circulation.wire import HealthReport, HealthTaken
from registry.access import Who, may_use, sender_of
from registry.answers import answer, described
from registry.bodies import read_body
from registry.database import Database, UnitOfWork
from registry.desk.rate_limit import RateLimit
from registry.kiosks import store_health
from registry.kiosks.health import received
from registry.openapi import taking
from registry.problems import refusal

_MAX_BODY = 8 * 1024
_A_MINUTE = 30
"""Reports of one kiosk: a device that comes and goes is told each time, a kiosk gone mad fills no disk."""


def kiosk_health_routes(database: Database, now: Callable[[], datetime]) -> list[HTTPRouteHandler]:
    """``POST /v1/health-reports``: the latest report of each kiosk is kept."""
    of_kiosk = RateLimit(_A_MINUTE, timedelta(minutes=1), now=now)

    def keep(kiosk: UUID, report: HealthReport) -> None:
        def write(work: UnitOfWork) -> None:
            store_health.keep(work, kiosk, received(report, store_health.of_kiosk(work.connection, kiosk), at=now()))

        database.write(write)

    @post(
        "/v1/health-reports",
        opt=may_use(Who.KIOSK),
        operation_class=taking(HealthReport),
        request_max_body_size=_MAX_BODY,
        summary="How a kiosk's devices are, and since when",
        status_code=200,
        responses=described(
            {200: (HealthTaken, "Taken in place of the report before.")},
            refusals={
                400: "The body is malformed.",
                401: "The signature proves nothing; the registry's time is in the answer.",
                403: "The kiosk's rights were taken away.",
                408: "The body did not come in time.",
                413: "The body is larger than 8 KiB.",
                429: "This kiosk reports too often (code too_many); Retry-After says when to report again.",
            },
        ),
    )
    async def report_health(request: Request[Any, Any, Any]) -> Response[bytes]:
        sender = sender_of(request)
        of_kiosk.require(sender.kiosk)
        report = read_body(await request.body(), HealthReport)
        if report.at.tzinfo is None or any(one.since.tzinfo is None for one in report.devices):
            raise refusal(HTTPStatus.BAD_REQUEST, "malformed", "times have a zone", place="at")
        await anyio.to_thread.run_sync(keep, sender.kiosk, report)
        return answer(HealthTaken())

    return [report_health]
