"""The service's description (OpenAPI 3.1). Request bodies are described by hand, because they are decoded by hand."""

from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Request
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import OpenAPIMediaType, Operation, Reference, RequestBody
from litestar.router import Router
from msgspec import Struct

from circulation.facts import FactEnvelope
from circulation.range_checks import RangeCheck
from circulation.wire import EnrolmentRequest, HealthReport, LossRequest, PinCheck, PushBatch
from registry.access import Who, may_use
from registry.mobile.member_messages import AccountWanted, HoldElsewhere, HoldLater, HoldNamed, HoldWanted, OwnCardLost
from registry.mobile.messages import CodesWanted, SignIn, SignOut
from registry.rosters.wire import BureauRows

_AT = "#/components/schemas/"
_OF_KIOSKS = (PushBatch, FactEnvelope, EnrolmentRequest, HealthReport, PinCheck, LossRequest, RangeCheck)
_OF_APPS = (SignIn, CodesWanted, SignOut, AccountWanted, HoldWanted, HoldNamed, HoldLater, HoldElsewhere, OwnCardLost)


class _WithBodies(JsonRenderPlugin):
    """Adds the request bodies to what the framework has described; it would drop them from its settings."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        components = openapi_schema["components"]
        schemas = {**components["schemas"], **_bodies()}
        return super().render(request, {**openapi_schema, "components": {**components, "schemas": schemas}})


def taking(body: type[Struct]) -> type[Operation]:
    """An operation with this request body."""

    @dataclass
    class Taking(Operation):
        def __post_init__(self) -> None:
            self.request_body = RequestBody(
                content={"application/json": OpenAPIMediaType(schema=Reference(ref=_AT + body.__name__))}, required=True
            )

    return Taking


def description() -> OpenAPIConfig:
    """Served at ``/schema``."""
    return OpenAPIConfig(
        title="悠閱 Youyue registry",
        version="1",
        description="What kiosks, partners and the registry tell each other. Every request of theirs is signed (docs/sync-protocol.md).",
        render_plugins=[_WithBodies(path="/openapi.json")],
        openapi_router=Router(path="/schema", route_handlers=[], opt=may_use(Who.ANYONE), include_in_schema=False),
    )


def _bodies() -> dict[str, Any]:
    _, components = msgspec.json.schema_components((*_OF_KIOSKS, *_OF_APPS, BureauRows), ref_template=_AT + "{name}")
    # On the wire a fact stays raw until its own turn; to a reader it is an envelope.
    components["PushBatch"]["properties"]["facts"]["items"] = {"$ref": _AT + "FactEnvelope"}
    return components
