"""What the Bureau's system asks for: take these rows."""

from functools import partial
from http import HTTPStatus
from typing import Any

import anyio.to_thread
import structlog
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler

from registry.access import Who, may_use, partner_of
from registry.answers import answer, described
from registry.bodies import read_body
from registry.openapi import taking
from registry.problems import refusal
from registry.rosters.bureau import BureauDesk, KeyUsedError
from registry.rosters.store_writing import RegistryMovedError
from registry.rosters.wire import BureauAnswer, BureauRows

_log = structlog.get_logger()
_MAX_BODY = 1024 * 1024
_REFUSALS = {
    400: "The body is malformed; the answer says where.",
    401: "The signature proves nothing; the registry's time is in the answer.",
    403: "The sender is no system of the Bureau, or its rights were taken away.",
    408: "The body did not come in time.",
    409: "The key was used for other rows (code key_used), or somebody wrote meanwhile (registry_moved): send the rows again.",
    413: "The body is larger than 1 MiB.",
}


def bureau_routes(desk: BureauDesk) -> list[HTTPRouteHandler]:
    """``POST /v1/bureau/rows``."""

    @post(
        "/v1/bureau/rows",
        opt=may_use(Who.BUREAU),
        operation_class=taking(BureauRows),
        request_max_body_size=_MAX_BODY,
        summary="Take rows of pupils, reissued, handed-in or lost cards",
        status_code=200,
        responses=described({200: (BureauAnswer, "What became of each row; the same key again gets the same answer.")}, refusals=_REFUSALS),
    )
    async def take_rows(request: Request[Any, Any, Any]) -> Response[bytes]:
        body = await request.body()
        sent = read_body(body, BureauRows)
        partner = partner_of(request)
        try:
            done = await anyio.to_thread.run_sync(partial(desk.take, sent, body, by=partner.actor))
        except KeyUsedError:
            raise refusal(HTTPStatus.CONFLICT, "key_used", "this key was used for other rows: take a new one") from None
        except RegistryMovedError:
            raise refusal(HTTPStatus.CONFLICT, "registry_moved", "somebody wrote meanwhile: send the rows again") from None
        _log.info("bureau_rows_taken", partner=str(partner.id), table=sent.kind, status=done.state, count=len(sent.rows))
        return answer(done)

    return [take_rows]
