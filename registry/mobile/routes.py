"""What an app asks for its member: sign in, codes, sign out. Every request is signed by the app, a registered partner."""

from functools import partial
from http import HTTPStatus
from typing import Any

import anyio
import anyio.to_thread
import structlog
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler

from registry.access import Who, may_use, partner_of
from registry.answers import answer, described
from registry.bodies import read_body
from registry.desk.questions import read_national_id
from registry.desk.refusals import DeskRefusedError
from registry.keys import KeyFileError
from registry.mobile.door import MAX_BODY, ONCE, REFUSALS, Door, done, told
from registry.mobile.messages import Codes, CodesWanted, SignedIn, SignedOut, SignIn, SignOut
from registry.openapi import taking
from registry.plain_text import has_controls
from registry.problems import refusal

_log = structlog.get_logger()
_HASHES_AT_ONCE = 4
"""Argon2 takes 19 MiB each: what a crowd may take of the memory."""


def mobile_routes(door: Door) -> list[HTTPRouteHandler]:
    """``POST /v1/mobile/sign-ins``, ``codes``, ``sign-out`` and ``sign-out-everywhere``."""
    return [_sign_in(door), _codes(door), _sign_out(door), _sign_out_everywhere(door)]


def _sign_in(door: Door) -> HTTPRouteHandler:
    path = "/v1/mobile/sign-ins"
    hashing = anyio.CapacityLimiter(_HASHES_AT_ONCE)

    @post(
        path,
        opt=may_use(Who.APP),
        operation_class=taking(SignIn),
        request_max_body_size=MAX_BODY,
        summary="Sign a member in on a device",
        responses=described(
            {201: (SignedIn, "The device's token. The refusal is the same whether or not anybody has this number.")},
            refusals=REFUSALS | ONCE,
        ),
    )
    async def sign_in(request: Request[Any, Any, Any]) -> Response[bytes]:
        begun = anyio.current_time()
        app = partner_of(request)
        await door.limited(door.of_app, app.id.bytes, path)
        asked = read_body(await request.body(), SignIn)
        if has_controls(asked.device):
            raise refusal(HTTPStatus.BAD_REQUEST, "malformed", "a name has no control characters", place="device")
        await door.once(app, asked.request)
        # Counted for numbers that nobody has, too: else the limit would tell which there are.
        await door.limited(door.of_number, read_national_id(asked.account).encode(errors="replace"), path)
        try:
            made = await anyio.to_thread.run_sync(partial(door.desk.mobile.sign_in, app.id, asked, by=app.actor), limiter=hashing)
        except DeskRefusedError as error:
            # A PIN that is locked is not compared, which takes less time: nobody shall learn from the answer that there is one.
            await anyio.sleep_until(begun + door.settings.sign_in_answer.total_seconds())
            raise told(error) from None
        _log.info("mobile_signed_in", partner=str(app.id))
        return answer(made, 201)

    return sign_in


def _codes(door: Door) -> HTTPRouteHandler:
    path = "/v1/mobile/codes"

    @post(
        path,
        opt=may_use(Who.APP),
        operation_class=taking(CodesWanted),
        request_max_body_size=MAX_BODY,
        summary="The codes of a signed-in member for this window and the next",
        status_code=200,
        responses=described(
            {200: (Codes, "To be shown as QR codes, each in its window.")},
            refusals=REFUSALS | {503: "The registry's key for codes is not there (code mobile_key_missing)."},
        ),
    )
    async def codes(request: Request[Any, Any, Any]) -> Response[bytes]:
        app = partner_of(request)
        asked = read_body(await request.body(), CodesWanted)
        await door.limited(door.of_device, asked.token, path)
        try:
            return answer(await done(partial(door.desk.mobile.codes, app.id, asked.token)))
        except KeyFileError as error:
            _log.error("mobile_key_missing", problem=str(error))
            problem = "codes can't be signed now; the registry's log says why"
            raise refusal(HTTPStatus.SERVICE_UNAVAILABLE, "mobile_key_missing", problem) from None

    return codes


def _sign_out(door: Door) -> HTTPRouteHandler:
    @post(
        "/v1/mobile/sign-out",
        opt=may_use(Who.APP),
        operation_class=taking(SignOut),
        request_max_body_size=MAX_BODY,
        summary="Sign this device out",
        status_code=200,
        responses=described({200: (SignedOut, "It has no codes any more; 0 when it had none before.")}, refusals=REFUSALS),
    )
    async def sign_out(request: Request[Any, Any, Any]) -> Response[bytes]:
        app = partner_of(request)
        asked = read_body(await request.body(), SignOut)
        return answer(SignedOut(devices=await done(partial(door.desk.mobile.sign_out, app.id, asked.token, by=app.actor))))

    return sign_out


def _sign_out_everywhere(door: Door) -> HTTPRouteHandler:
    @post(
        "/v1/mobile/sign-out-everywhere",
        opt=may_use(Who.APP),
        operation_class=taking(SignOut),
        request_max_body_size=MAX_BODY,
        summary="Sign out all devices of this device's member",
        status_code=200,
        responses=described({200: (SignedOut, "How many there were, this one too.")}, refusals=REFUSALS | ONCE),
    )
    async def sign_out_everywhere(request: Request[Any, Any, Any]) -> Response[bytes]:
        app = partner_of(request)
        asked = read_body(await request.body(), SignOut)
        # Sent again after the member has signed in anew, it would sign that device out.
        await door.once(app, asked.request)
        return answer(SignedOut(devices=await done(partial(door.desk.mobile.sign_out_everywhere, app.id, asked.token, by=app.actor))))

    return sign_out_everywhere
