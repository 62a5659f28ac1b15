"""Who may use a route. A route that does not say is refused to everybody."""

import asyncio
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, unique
from http import HTTPStatus
from typing import Any

import anyio.to_thread
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from circulation.signing import content_digest
from registry.audit.store import AuditEntry, append
from registry.database import Database
from registry.exchange.push import Sender
from registry.kiosks.directory import KioskDirectory
from registry.problems import RefusedError, refusal
from registry.signatures import Headers, SignatureRefusedError, SignedRequest, verify

_LONGEST_PATH = 200


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
    body_patience: timedelta

    async def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        """Let a request pass or refuse it.

        Raises:
            RefusedError: 401 or 403, and it stands in the audit trail.

        """
        match handler.opt.get("who"):
            case Who.ANYONE:
                return
            case Who.KIOSK if isinstance(connection, Request):
                await self._kiosk(connection)
            case _:
                await self._refuse(connection, "anyone", refusal(HTTPStatus.FORBIDDEN, "not_allowed", "nobody may use this address"))

    async def _kiosk(self, request: Request[Any, Any, Any]) -> None:
        if self.directory.is_stale:
            await anyio.to_thread.run_sync(self.directory.reload)
        try:
            # The signature stands in the headers: a stranger's body is not even read.
            proof = verify(_signed(request), self.directory.find, now=self.now)
        except SignatureRefusedError as error:
            await self._refuse(request, "anyone", self._unauthorised(error.code, str(error)))
            return
        kiosk = self.directory.find(proof.kiosk)
        if kiosk is None or kiosk.revoked_at is not None:
            problem = "this kiosk's rights were taken away: it must forget its replica and be enrolled again"
            await self._refuse(request, f"kiosk:{proof.kiosk}", refusal(HTTPStatus.FORBIDDEN, "kiosk_revoked", problem))
            return
        body = await self._body(request)
        if not hmac.compare_digest(proof.content_digest.encode(), content_digest(body).encode()):
            other = self._unauthorised("digest_mismatch", "the body is not the one that was signed")
            await self._refuse(request, f"kiosk:{kiosk.id}", other)
        request.state.sender = Sender(kiosk.id, kiosk.branch)

    async def _body(self, request: Request[Any, Any, Any]) -> bytes:
        try:
            async with asyncio.timeout(self.body_patience.total_seconds()):
                return await request.body()
        except TimeoutError:
            raise refusal(HTTPStatus.REQUEST_TIMEOUT, "too_slow", "the body did not come in time") from None

    def _unauthorised(self, code: str, problem: str) -> RefusedError:
        """With the registry's time, so that a kiosk with a wrong clock can see it and sign again."""
        return refusal(HTTPStatus.UNAUTHORIZED, code, problem, server_time=self.now())

    async def _refuse(self, connection: ASGIConnection[Any, Any, Any, Any], actor: str, error: RefusedError) -> None:
        path = connection.scope["path"][:_LONGEST_PATH]
        entry = AuditEntry(self.now(), actor, "request", "refused", {"path": path, "code": error.code})
        await anyio.to_thread.run_sync(self.database.write, lambda work: append(work.connection, entry))
        raise error


def _signed(request: Request[Any, Any, Any]) -> SignedRequest:
    path = request.scope["raw_path"].decode("latin-1")
    query = request.scope["query_string"].decode("latin-1")
    lines = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.scope["headers"])
    return SignedRequest(request.method, f"https://registry{path}" + (f"?{query}" if query else ""), Headers(lines))
