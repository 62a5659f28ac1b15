"""The route by which kiosks ask whether they hold the rows that they should."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import anyio.to_thread
import structlog
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler

from circulation.range_checks import RangeAnswer, RangeCheck
from circulation.wire import SnapshotNeeded
from registry.access import Who, may_use, sender_of
from registry.answers import answer, described
from registry.bodies import read_body
from registry.desk.rate_limit import RateLimit
from registry.exchange.range_checks import RangeChecks
from registry.openapi import taking

_log = structlog.get_logger()
_MAX_BODY = 16 * 1024
_A_MINUTE = 60
"""Checks of one kiosk: each reads some hundred rows."""


def range_routes(checks: RangeChecks, now: Callable[[], datetime]) -> list[HTTPRouteHandler]:
    """``POST /v1/range-checks``."""
    of_kiosk = RateLimit(_A_MINUTE, timedelta(minutes=1), now=now)

    @post(
        "/v1/range-checks",
        opt=may_use(Who.KIOSK),
        operation_class=taking(RangeCheck),
        request_max_body_size=_MAX_BODY,
        summary="Compare digests of a kiosk's rows with the registry's, and give the rows that differ",
        status_code=200,
        responses=described(
            {
                200: (RangeAnswer, "The ranges that differ, with their rows."),
                410: (SnapshotNeeded, "This cursor is none of this feed."),
            },
            refusals={
                400: "The body is malformed.",
                401: "The signature proves nothing; the registry's time is in the answer.",
                403: "The kiosk's rights were taken away.",
                409: "The rows have another schema here (code other_schema), or another cover is in force (code other_cover).",
                413: "The body is larger than 16 KiB.",
                429: "This kiosk asks too often (code too_many); Retry-After says when to ask again.",
            },
        ),
    )
    async def compare(request: Request[Any, Any, Any]) -> Response[bytes]:
        sender = sender_of(request)
        of_kiosk.require(sender.kiosk)
        check = read_body(await request.body(), RangeCheck)
        found = await anyio.to_thread.run_sync(checks.compare, sender.branch, check)
        if found.differing or found.snapshot:
            names = sorted({check.ranges[one.range].table for one in found.differing})
            _log.error("ranges_differ", kiosk=str(sender.kiosk), branch=sender.branch, position=found.position, table=names)
        return answer(found)

    return [compare]
