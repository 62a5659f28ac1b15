"""Who may use a route. A route that does not say is refused to everybody."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from http import HTTPStatus
from typing import Any
from uuid import UUID

import anyio.to_thread
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from circulation.signing import content_digest
from registry.audit.refusals import Refusals
from registry.audit.store import AuditEntry, append
from registry.body_reader import BodyReader
from registry.database import Database
from registry.exchange.sender import Sender
from registry.kiosks.directory import KioskDirectory
from registry.problems import RefusedError, refusal
from registry.signatures import Headers, SignatureRefusedError, SignedRequest, verify


@unique
class Who(StrEnum):
    """Who may use a route."""

    ANYONE = "anyone"
    KIOSK = "kiosk"


def may_use(who: Who) -> dict[str, Any]:
    """What a route says of its users: ``opt=may_use(Who.KIOSK)``."""
    return {"who": who}


def sender_of(request: Request[Any, Any, Any]) -> Sender:
    """The kiosk that signed this request; only on a route for kiosks."""
    sender: Sender = request.state.sender
    return sender


@dataclass(frozen=True, slots=True)
class Gatekeeper:
    """The guard of the whole service."""

    database: Database
    directory: KioskDirectory
    now: Callable[[], datetime]
    bodies: BodyReader
    refusals: Refusals

    async def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        """Let a request pass or refuse it.

        Raises:
            RefusedError: 401 or 403, and it stands in the audit trail: counted, unless the sender proved who it is.

        """
        match handler.opt.get("who"):
            case Who.ANYONE:
                return
            case Who.KIOSK if isinstance(connection, Request):
                await self._kiosk(connection, handler)
            case _:
                await self._refuse_stranger(handler, refusal(HTTPStatus.FORBIDDEN, "not_allowed", "nobody may use this address"))

    async def _kiosk(self, request: Request[Any, Any, Any], handler: BaseRouteHandler) -> None:
        if self.directory.is_stale:
            await anyio.to_thread.run_sync(self.directory.reload)
        try:
            # The signature stands in the headers: a stranger's body is not even read.
            proof = verify(_signed(request), self.directory.find, now=self.now)
        except SignatureRefusedError as error:
            await self._refuse_stranger(handler, self._unauthorised(error.code, str(error)))
            return
        kiosk = self.directory.find(proof.kiosk)
        if kiosk is None or kiosk.revoked_at is not None:
            problem = "this kiosk's rights were taken away: it must forget its replica and be enrolled again"
            await self._refuse_kiosk(handler, proof.kiosk, refusal(HTTPStatus.FORBIDDEN, "kiosk_revoked", problem))
            return
        body = await self.bodies.read(request)
        if not hmac.compare_digest(proof.content_digest.encode(), content_digest(body).encode()):
            other = self._unauthorised("digest_mismatch", "the body is not the one that was signed")
            await self._refuse_kiosk(handler, kiosk.id, other)
        request.state.sender = Sender(kiosk.id, kiosk.branch)

    def _unauthorised(self, code: str, problem: str) -> RefusedError:
        """With the registry's time, so that a kiosk with a wrong clock can see it and sign again."""
        return refusal(HTTPStatus.UNAUTHORIZED, code, problem, server_time=self.now())

    async def _refuse_stranger(self, handler: BaseRouteHandler, error: RefusedError) -> None:
        """The route's own path is noted, not the one asked for: a stranger could think of any number of those."""
        due = self.refusals.count("request", error.code, path=_path_of(handler))
        if due:
            await anyio.to_thread.run_sync(self.refusals.write, due)
        raise error

    async def _refuse_kiosk(self, handler: BaseRouteHandler, kiosk: UUID, error: RefusedError) -> None:
        """The route's own path here too: what a rogue kiosk writes into an address has no place in the trail."""
        detail = {"path": _path_of(handler), "code": error.code}
        entry = AuditEntry(self.now(), f"kiosk:{kiosk}", "request", "refused", detail)
        await anyio.to_thread.run_sync(self.database.write, lambda work: append(work.connection, entry))
        raise error


def _path_of(handler: BaseRouteHandler) -> str:
    return min(handler.paths, default="")


def _signed(request: Request[Any, Any, Any]) -> SignedRequest:
    path = request.scope["raw_path"].decode("latin-1")
    query = request.scope["query_string"].decode("latin-1")
    lines = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.scope["headers"])
    return SignedRequest(request.method, f"https://registry{path}" + (f"?{query}" if query else ""), Headers(lines))
