"""What an app asks for the account of its signed-in member. Every request is signed by the app, a registered partner."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

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
    def lost(app: UUID, asked: OwnCardLost, *, by: str) -> OwnCardStopped:
        stopped = door.desk.members.lose(app, asked.token, asked.kind, by=by)
        return OwnCardStopped(kind=stopped.kind, already=stopped.already)

    told = OwnCardStopped, "No kiosk that hears of it takes the card."
    none = {404: "The member has no card of this kind (code no_such_record)."}
    return _once(door, _Once("/v1/mobile/losses", "Stop one's own lost card, at any hour", OwnCardLost, {200: told}, none), lost)


def _place(door: Door) -> HTTPRouteHandler:
    def place(app: UUID, asked: HoldWanted, *, by: str) -> HoldDone:
        return HoldDone(hold=door.desk.members.place(app, asked, by=by))

    told = HoldDone, "At the end of the queue."
    return _once(door, _Once(_HOLDS, "Place a hold on the title of a copy", HoldWanted, {201: told}, _NOT_CHANGED), place)


def _change(door: Door, name: str, body: type[HoldNamed], act: ChangeOfHold, summary: str) -> HTTPRouteHandler:
    def change(app: UUID, asked: HoldNamed, *, by: str) -> HoldDone:
        act(app, asked, by=by)
        return HoldDone(hold=asked.hold)

    return _once(door, _Once(f"{_HOLDS}/{name}", summary, body, {200: (HoldDone, "Done.")}, _NOT_CHANGED), change)


@dataclass(frozen=True, slots=True)
class _Once:
    """A route for what is done once. ``told``: the status and envelope of its answer."""

    path: str
    summary: str
    body: type[OnceOfMember]
    told: dict[int, tuple[type[Struct], str]]
    refusals: dict[int, str]


def _once(door: Door, route: _Once, act: Callable[..., Struct]) -> HTTPRouteHandler:
    """Read, counted, new, then done in a thread of its own."""
    path, body = route.path, route.body
    (status,) = route.told

    @post(
        path,
        opt=may_use(Who.APP),
        operation_class=taking(body),
        operation_id=path.removeprefix("/v1/").replace("/", "_"),
        request_max_body_size=MAX_BODY,
        summary=route.summary,
        status_code=status,
        responses=described(route.told, refusals=REFUSALS | ONCE | route.refusals),
    )
    async def once(request: Request[Any, Any, Any]) -> Response[bytes]:
        app = partner_of(request)
        asked = read_body(await request.body(), body)
        await door.limited(door.of_member, asked.token, path)
        await door.once(app, asked.request)
        return answer(await done(partial(act, app.id, asked, by=app.actor)), status)

    return once
