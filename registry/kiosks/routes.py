"""The routes for enrolling kiosks."""

from http import HTTPStatus
from typing import Any

import anyio.to_thread
import structlog
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler

from circulation.wire import EnrolmentAnswer, EnrolmentRequest
from registry.access import Who, may_use
from registry.answers import answer, described
from registry.bodies import read_body
from registry.body_reader import BodyReader
from registry.kiosks.enrolment import Enrolment
from registry.openapi import taking
from registry.plain_text import has_controls
from registry.problems import refusal

_log = structlog.get_logger()
_MAX_BODY = 4 * 1024


def kiosk_routes(enrolment: Enrolment, bodies: BodyReader) -> list[HTTPRouteHandler]:
    """``POST /v1/enrolments``: the code is the credential, so anyone may ask."""

    @post(
        "/v1/enrolments",
        opt=may_use(Who.ANYONE),
        operation_class=taking(EnrolmentRequest),
        request_max_body_size=_MAX_BODY,
        summary="Enrol a kiosk with a one-time code",
        responses=described(
            {201: (EnrolmentAnswer, "The kiosk's identity, and what it needs to know cards and to trust snapshots.")},
            refusals={
                400: "The body is malformed.",
                403: "The code is unknown, used up or too old.",
                408: "The body did not come in time.",
                413: "The body is larger than 4 KiB.",
            },
        ),
    )
    async def enrol(request: Request[Any, Any, Any]) -> Response[bytes]:
        asked = read_body(await bodies.read(request), EnrolmentRequest)
        if has_controls(asked.name):
            raise refusal(HTTPStatus.BAD_REQUEST, "malformed", "a name has no control characters", place="name")
        made = await anyio.to_thread.run_sync(enrolment.enrol, asked)
        _log.info("kiosk_enrolled", kiosk=str(made.kiosk), branch=made.branch)
        return answer(made, 201)

    return [enrol]
