"""What a kiosk asks for somebody who waits: is this the PIN; stop the card of whoever has this national ID."""

import hashlib
import hmac
from datetime import timedelta
from functools import partial
from typing import Any

import anyio
import anyio.to_thread
import structlog
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler

from circulation.wire import LossRequest, LossTaken, PinAnswer, PinCheck
from registry.access import Who, may_use, sender_of
from registry.answers import answer, described
from registry.audit.refusals import Refusals
from registry.bodies import read_body
from registry.desk.questions import read_national_id
from registry.desk.rate_limit import RateLimit, too_often
from registry.desk.room import Desk
from registry.openapi import taking
from registry.outside import Outside
from registry.settings import RegistrySettings

_log = structlog.get_logger()
_MAX_BODY = 1024
_HASHES_AT_ONCE = 4
"""Argon2 takes 19 MiB each: what a crowd may take of the memory."""
_REFUSALS = {
    400: "The body is malformed.",
    401: "The signature proves nothing; the registry's time is in the answer.",
    403: "The kiosk's rights were taken away.",
    408: "The body did not come in time.",
    413: "The body is larger than 1 KiB.",
    429: "This kiosk asks too often (code too_many); Retry-After says when to ask again.",
}


def desk_routes(desk: Desk, outside: Outside, settings: RegistrySettings, refusals: Refusals) -> list[HTTPRouteHandler]:
    """``POST /v1/pin-checks`` and ``POST /v1/loss-reports``. Limits are counted in this process; PIN failures in the database."""
    salt = outside.random_bytes(32)
    pins_of_kiosk = RateLimit(settings.pin_checks_a_minute, timedelta(minutes=1), now=outside.now)
    losses_of_kiosk = RateLimit(settings.loss_reports_a_minute, timedelta(minutes=1), now=outside.now)
    losses_of_number = RateLimit(settings.loss_reports_an_hour_of_a_number, timedelta(hours=1), now=outside.now)
    hashing = anyio.CapacityLimiter(_HASHES_AT_ONCE)

    async def limited(limit: RateLimit, request: Request[Any, Any, Any], path: str) -> None:
        seconds = limit.refused_for(sender_of(request).kiosk)
        if seconds is not None:
            due = refusals.count("request", "too_many", path=path)
            if due:
                await anyio.to_thread.run_sync(refusals.write, due)
            raise too_often(seconds)

    @post(
        "/v1/pin-checks",
        opt=may_use(Who.KIOSK),
        operation_class=taking(PinCheck),
        request_max_body_size=_MAX_BODY,
        summary="Is this the patron's PIN",
        status_code=200,
        responses=described(
            {200: (PinAnswer, "The verdict. A patron who is not on record is answered as one without a PIN.")}, refusals=_REFUSALS
        ),
    )
    async def check_pin(request: Request[Any, Any, Any]) -> Response[bytes]:
        sender = sender_of(request)
        await limited(pins_of_kiosk, request, "/v1/pin-checks")
        asked = read_body(await request.body(), PinCheck)
        check = partial(desk.pins.check, asked.patron, asked.pin, by=f"kiosk:{sender.kiosk}")
        result = await anyio.to_thread.run_sync(check, limiter=hashing)
        _log.info("pin_checked", kiosk=str(sender.kiosk), branch=sender.branch, status=str(result.verdict))
        return answer(result)

    @post(
        "/v1/loss-reports",
        opt=may_use(Who.KIOSK),
        operation_class=taking(LossRequest),
        request_max_body_size=_MAX_BODY,
        summary="Stop the card of whoever has this national ID and birth date, until staff have looked",
        status_code=200,
        responses=described({200: (LossTaken, "Taken. The answer is the same whether or not anything matched.")}, refusals=_REFUSALS),
    )
    async def report_loss(request: Request[Any, Any, Any]) -> Response[bytes]:
        begun = anyio.current_time()
        sender = sender_of(request)
        await limited(losses_of_kiosk, request, "/v1/loss-reports")
        asked = read_body(await request.body(), LossRequest)
        number = read_national_id(asked.national_id)
        # Guessing birth dates ends after a few; the same work is done for nobody, and the same answer given.
        too_many = losses_of_number.refused_for(hmac.digest(salt, number.encode(errors="replace"), hashlib.sha256))
        report = partial(desk.losses.lose_by_identity, reporter=f"kiosk:{sender.kiosk}", branch=sender.branch)
        await anyio.to_thread.run_sync(report, "" if too_many else asked.national_id, asked.birth_date, asked.kind)
        # Stopping a card takes some milliseconds longer than stopping none: nobody shall learn that from the answer.
        await anyio.sleep_until(begun + settings.loss_answer.total_seconds())
        _log.info("loss_report_taken", kiosk=str(sender.kiosk), branch=sender.branch)
        return answer(LossTaken())

    return [check_pin, report_loss]
