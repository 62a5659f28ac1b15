"""What an app asks for the account of its signed-in member. Every request is signed by the app, a registered partner."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler

from registry.access import Who, may_use, partner_of
from registry.answers import answer, described
from registry.bodies import read_body
from registry.mobile.door import MAX_BODY, ONCE, REFUSALS, Door, done
from registry.mobile.member_messages import (
    Account,
    AccountWanted,
    HoldDone,
    HoldElsewhere,
    HoldLater,
    HoldNamed,
    HoldWanted,
    OnceOfMember,
    OwnCardLost,
    OwnCardStopped,
)
from registry.openapi import taking

_HOLDS = "/v1/mobile/holds"
_NOT_CHANGED = {404: "The member has no such hold (code hold_unknown).", 422: "Nothing was changed; every reason is named."}
ChangeOfHold = Callable[..., None]
Once = TypeVar("Once", bound=OnceOfMember)


def member_routes(door: Door) -> list[HTTPRouteHandler]:
    """``POST /v1/mobile/account``, ``losses``, ``holds``, and ``holds/cancel``, ``suspend``, ``resume`` and ``move``."""
    desk = door.desk.members
    return [
        _account(door),
        _lost(door),
        _place(door),
        _change(door, "cancel", HoldNamed, desk.cancel, "Give a hold up"),
        _change(door, "suspend", HoldLater, desk.suspend, "Be passed over through a day; the place in the queue stays"),
        _change(door, "resume", HoldNamed, desk.resume, "End a suspension now"),
        _change(door, "move", HoldElsewhere, desk.move, "Collect it at another branch"),
    ]


def _account(door: Door) -> HTTPRouteHandler:
    path = "/v1/mobile/account"

    @post(
        path,
        opt=may_use(Who.APP),
        operation_class=taking(AccountWanted),
        request_max_body_size=MAX_BODY,
        summary="The account of a signed-in member",
        status_code=200,
        responses=described({200: (Account, "Cards, loans, holds and blocks as they stand now.")}, refusals=REFUSALS),
    )
    async def account(request: Request[Any, Any, Any]) -> Response[bytes]:
        app = partner_of(request)
        asked = read_body(await request.body(), AccountWanted)
        await door.limited(door.of_member, asked.token, path)
        return answer(await done(partial(door.desk.members.account, app.id, asked.token, by=app.actor)))

    return account


def _lost(door: Door) -> HTTPRouteHandler:
    path = "/v1/mobile/losses"

    @post(
        path,
        opt=may_use(Who.APP),
        operation_class=taking(OwnCardLost),
        request_max_body_size=MAX_BODY,
        summary="Stop one's own lost card, at any hour",
        status_code=200,
        responses=described(
            {200: (OwnCardStopped, "No kiosk that hears of it takes the card.")},
            refusals=REFUSALS | ONCE | {404: "The member has no card of this kind (code no_such_record)."},
        ),
    )
    async def lost(request: Request[Any, Any, Any]) -> Response[bytes]:
        app, asked = await _asked(door, request, OwnCardLost, path)
        stopped = await done(partial(door.desk.members.lose, app, asked.token, asked.kind, by=partner_of(request).actor))
        return answer(OwnCardStopped(kind=stopped.kind, already=stopped.already))

    return lost


def _place(door: Door) -> HTTPRouteHandler:
    @post(
        _HOLDS,
        opt=may_use(Who.APP),
        operation_class=taking(HoldWanted),
        request_max_body_size=MAX_BODY,
        summary="Place a hold on the title of a copy",
        responses=described({201: (HoldDone, "At the end of the queue.")}, refusals=REFUSALS | ONCE | _NOT_CHANGED),
    )
    async def place(request: Request[Any, Any, Any]) -> Response[bytes]:
        app, asked = await _asked(door, request, HoldWanted, _HOLDS)
        placed = await done(partial(door.desk.members.place, app, asked, by=partner_of(request).actor))
        return answer(HoldDone(hold=placed), 201)

    return place


def _change(door: Door, name: str, body: type[HoldNamed], act: ChangeOfHold, summary: str) -> HTTPRouteHandler:
    path = f"{_HOLDS}/{name}"

    @post(
        path,
        name=f"{name}_hold",
        opt=may_use(Who.APP),
        operation_class=taking(body),
        operation_id=f"{name}_hold",
        request_max_body_size=MAX_BODY,
        summary=summary,
        status_code=200,
        responses=described({200: (HoldDone, "Done.")}, refusals=REFUSALS | ONCE | _NOT_CHANGED),
    )
    async def change(request: Request[Any, Any, Any]) -> Response[bytes]:
        app, asked = await _asked(door, request, body, path)
        await done(partial(act, app, asked, by=partner_of(request).actor))
        return answer(HoldDone(hold=asked.hold))

    return change


async def _asked(door: Door, request: Request[Any, Any, Any], body: type[Once], path: str) -> tuple[UUID, Once]:
    """Which app asks what: read, counted, and new."""
    app = partner_of(request)
    asked = read_body(await request.body(), body)
    await door.limited(door.of_member, asked.token, path)
    await door.once(app, asked.request)
    return app.id, asked
