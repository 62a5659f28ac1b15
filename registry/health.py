"""Health, for whoever watches the service."""

from http import HTTPStatus

import anyio.to_thread
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from registry.access import Who, may_use
from registry.answers import answer, described
from registry.database import Database
from registry.problems import refusal


class Health(Struct, frozen=True):
    """How the service is."""

    status: str


def health_routes(database: Database) -> list[HTTPRouteHandler]:
    """``GET /health/live`` and ``GET /health/ready``."""

    @get("/health/live", opt=may_use(Who.ANYONE), summary="The process answers", responses=described({200: (Health, "It does.")}))
    async def live() -> Response[bytes]:
        return answer(Health("live"))

    @get(
        "/health/ready",
        opt=may_use(Who.ANYONE),
        summary="The database answers and its tables are this program's",
        responses=described({200: (Health, "Both.")}, refusals={503: "The tables are of another revision."}),
    )
    async def ready() -> Response[bytes]:
        if not await anyio.to_thread.run_sync(database.is_current):
            raise refusal(
                HTTPStatus.SERVICE_UNAVAILABLE, "not_ready", "the database's tables are of another revision: start the registry anew"
            )
        return answer(Health("ready"))

    return [live, ready]
