"""What an app asks for its member: sign in, codes, sign out. Every request is signed by the app, a registered partner."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import UUID

import anyio
import anyio.to_thread
import structlog
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler

from circulation.wire import Problem
from registry.access import Partner, Who, may_use, partner_of
from registry.answers import answer, described
from registry.audit.refusals import Refusals
from registry.bodies import read_body
from registry.desk.questions import read_national_id
from registry.desk.rate_limit import RateLimit
from registry.desk.refusals import DeskRefusedError
from registry.desk.room import Desk
from registry.keys import KeyFileError
from registry.mobile.messages import Codes, CodesWanted, SignedIn, SignedOut, SignIn, SignOut
from registry.mobile.refusals import MobileRefusal
from registry.openapi import taking
from registry.outside import Outside
from registry.plain_text import has_controls
from registry.problems import RefusedError, refusal
from registry.settings import RegistrySettings

_log = structlog.get_logger()
_MAX_BODY = 1024
_HASHES_AT_ONCE = 4
"""Argon2 takes 19 MiB each: what a crowd may take of the memory."""
_REFUSALS = {
    400: "The body is malformed.",
    401: "The signature proves nothing; the registry's time is in the answer.",
    403: "The app's rights were taken away, or the member is refused (code sign_in_refused, signed_out).",
    408: "The body did not come in time.",
    413: "The body is larger than 1 KiB.",
    429: "Too often (code too_many); Retry-After says when to ask again.",
}
_ONCE = {409: "This request was done already (code replayed): a new try has a new key."}
_PROBLEMS = {
    MobileRefusal.SIGN_IN: (HTTPStatus.FORBIDDEN, "number or PIN is wrong, there is no PIN, or it is locked"),
    MobileRefusal.SIGNED_OUT: (HTTPStatus.FORBIDDEN, "this device is signed out: the member signs in again"),
}
Result = TypeVar("Result")


def mobile_routes(desk: Desk, outside: Outside, settings: RegistrySettings, refusals: Refusals) -> list[HTTPRouteHandler]:
    """``POST /v1/mobile/sign-ins``, ``codes``, ``sign-out`` and ``sign-out-everywhere``. Limits are counted in this process."""
    door = _Door(desk, outside, settings, refusals)
    return [_sign_in(door), _codes(door), _sign_out(door), _sign_out_everywhere(door)]


class _Door:
    """What the routes share: the desk, and who may ask how often."""

    def __init__(self, desk: Desk, outside: Outside, settings: RegistrySettings, refusals: Refusals) -> None:
        self.desk = desk
        self.settings = settings
        self._refusals = refusals
        self._salt = outside.random_bytes(32)
        self.of_app = RateLimit(settings.sign_ins_a_minute, timedelta(minutes=1), now=outside.now)
        self.of_number = RateLimit(settings.sign_ins_of_a_number, settings.sign_ins_of_a_number_in, now=outside.now)
        self.of_device = RateLimit(settings.codes_a_minute, timedelta(minutes=1), now=outside.now)

    async def limited(self, limit: RateLimit, key: bytes, path: str) -> None:
        """Refuse whoever asks too often. ``key`` may be a secret: what is counted tells nothing of it."""
        seconds = limit.refused_for(hmac.digest(self._salt, key, hashlib.sha256))
        if seconds is not None:
            due = self._refusals.count("request", "too_many", path=path)
            if due:
                await anyio.to_thread.run_sync(self._refusals.write, due)
            problem = Problem(code="too_many", problem="too often: wait a little")
            raise RefusedError(HTTPStatus.TOO_MANY_REQUESTS, problem, retry_after=seconds)

    async def once(self, partner: Partner, key: UUID) -> None:
        """Refuse a request that was done already."""
        if not await anyio.to_thread.run_sync(self.desk.partners.is_first_time, partner.id, key):
            problem = "this request was done already: a new try has a new key"
            raise refusal(HTTPStatus.CONFLICT, MobileRefusal.REPLAYED, problem, place="request")


def _sign_in(door: _Door) -> HTTPRouteHandler:
    path = "/v1/mobile/sign-ins"
    hashing = anyio.CapacityLimiter(_HASHES_AT_ONCE)

    @post(
        path,
        opt=may_use(Who.APP),
        operation_class=taking(SignIn),
        request_max_body_size=_MAX_BODY,
        summary="Sign a member in on a device",
        responses=described(
            {201: (SignedIn, "The device's token. The refusal is the same whether or not anybody has this number.")},
            refusals=_REFUSALS | _ONCE,
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
            raise _told(error) from None
        _log.info("mobile_signed_in", partner=str(app.id))
        return answer(made, 201)

    return sign_in


def _codes(door: _Door) -> HTTPRouteHandler:
    path = "/v1/mobile/codes"

    @post(
        path,
        opt=may_use(Who.APP),
        operation_class=taking(CodesWanted),
        request_max_body_size=_MAX_BODY,
        summary="The codes of a signed-in member for this window and the next",
        status_code=200,
        responses=described(
            {200: (Codes, "To be shown as QR codes, each in its window.")},
            refusals=_REFUSALS | {503: "The registry's key for codes is not there (code mobile_key_missing)."},
        ),
    )
    async def codes(request: Request[Any, Any, Any]) -> Response[bytes]:
        app = partner_of(request)
        asked = read_body(await request.body(), CodesWanted)
        await door.limited(door.of_device, asked.token, path)
        try:
            return answer(await _done(partial(door.desk.mobile.codes, app.id, asked.token)))
        except KeyFileError as error:
            _log.error("mobile_key_missing", problem=str(error))
            problem = "codes can't be signed now; the registry's log says why"
            raise refusal(HTTPStatus.SERVICE_UNAVAILABLE, "mobile_key_missing", problem) from None

    return codes


def _sign_out(door: _Door) -> HTTPRouteHandler:
    @post(
        "/v1/mobile/sign-out",
        opt=may_use(Who.APP),
        operation_class=taking(SignOut),
        request_max_body_size=_MAX_BODY,
        summary="Sign this device out",
        status_code=200,
        responses=described({200: (SignedOut, "It has no codes any more; 0 when it had none before.")}, refusals=_REFUSALS),
    )
    async def sign_out(request: Request[Any, Any, Any]) -> Response[bytes]:
        app = partner_of(request)
        asked = read_body(await request.body(), SignOut)
        return answer(SignedOut(devices=await _done(partial(door.desk.mobile.sign_out, app.id, asked.token, by=app.actor))))

    return sign_out


def _sign_out_everywhere(door: _Door) -> HTTPRouteHandler:
    @post(
        "/v1/mobile/sign-out-everywhere",
        opt=may_use(Who.APP),
        operation_class=taking(SignOut),
        request_max_body_size=_MAX_BODY,
        summary="Sign out all devices of this device's member",
        status_code=200,
        responses=described({200: (SignedOut, "How many there were, this one too.")}, refusals=_REFUSALS | _ONCE),
    )
    async def sign_out_everywhere(request: Request[Any, Any, Any]) -> Response[bytes]:
        app = partner_of(request)
        asked = read_body(await request.body(), SignOut)
        # Sent again after the member has signed in anew, it would sign that device out.
        await door.once(app, asked.request)
        return answer(SignedOut(devices=await _done(partial(door.desk.mobile.sign_out_everywhere, app.id, asked.token, by=app.actor))))

    return sign_out_everywhere


async def _done(act: Callable[[], Result]) -> Result:
    try:
        return await anyio.to_thread.run_sync(act)
    except DeskRefusedError as error:
        raise _told(error) from None


def _told(error: DeskRefusedError) -> RefusedError:
    status, problem = _PROBLEMS[MobileRefusal(error.code)]
    return refusal(status, error.code, problem)
