"""Who may use a route. A route that does not say is refused to everybody."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from http import HTTPStatus
from typing import Any, NoReturn
from uuid import UUID

import anyio.to_thread
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from circulation.revocations import REVOCATION_CONTEXT, KioskRevoked, Revocation
from circulation.signing import AS_KIOSK, AS_PARTNER, SignedAs, content_digest
from circulation.wire import encode
from registry.audit.refusals import Refusals
from registry.audit.store import AuditEntry, append
from registry.body_reader import BodyReader
from registry.database import Database
from registry.directory import Directory, Record
from registry.exchange.sender import Sender
from registry.kiosks.store import KioskRecord
from registry.partners.roles import PartnerRole
from registry.partners.store import PartnerRecord
from registry.problems import RefusedError, refusal
from registry.signatures import Headers, Proof, SignatureRefusedError, SignedRequest, verify


@unique
class Who(StrEnum):
    """Who may use a route."""

    ANYONE = "anyone"
    KIOSK = "kiosk"
    BUREAU = "bureau"
    """A partner: the Education Bureau's system."""
    APP = "app"
    """A partner: an app for mobile cards."""


ROLES = {Who.BUREAU: PartnerRole.BUREAU, Who.APP: PartnerRole.APP}
"""The role that a partner must have on a route for partners."""


@dataclass(frozen=True, slots=True)
class Partner:
    """The partner that its signature proved. Never taken from a body."""

    id: UUID
    role: PartnerRole

    @property
    def actor(self) -> str:
        """Who it is in the audit trail."""
        return f"partner:{self.id}"


def may_use(who: Who) -> dict[str, Any]:
    """What a route says of its users: ``opt=may_use(Who.KIOSK)``."""
    return {"who": who}


def sender_of(request: Request[Any, Any, Any]) -> Sender:
    """The kiosk that signed this request; only on a route for kiosks."""
    sender: Sender = request.state.sender
    return sender


def partner_of(request: Request[Any, Any, Any]) -> Partner:
    """The partner that signed this request; only on a route for partners."""
    partner: Partner = request.state.partner
    return partner


@dataclass(frozen=True, slots=True)
class Gatekeeper:
    """The guard of the whole service."""

    database: Database
    kiosks: Directory[KioskRecord]
    partners: Directory[PartnerRecord]
    now: Callable[[], datetime]
    bodies: BodyReader
    refusals: Refusals
    sign: Callable[[bytes], bytes]

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
            case Who.BUREAU | Who.APP as who if isinstance(connection, Request):
                await self._partner(connection, handler, ROLES[who])
            case _:
                await self._refuse_stranger(handler, refusal(HTTPStatus.FORBIDDEN, "not_allowed", "nobody may use this address"))

    async def _kiosk(self, request: Request[Any, Any, Any], handler: BaseRouteHandler) -> None:
        proof = await self._proven(request, handler, self.kiosks, AS_KIOSK)
        kiosk = proof.signer
        if kiosk.revoked_at is not None:
            problem = "this kiosk's rights were taken away: it must forget its replica and be enrolled again"
            word = encode(Revocation(kiosk=kiosk.id, revoked_at=kiosk.revoked_at))
            signed = KioskRevoked(code="kiosk_revoked", problem=problem, revocation=word, signature=self.sign(REVOCATION_CONTEXT + word))
            await self._refuse(handler, f"kiosk:{kiosk.id}", RefusedError(HTTPStatus.FORBIDDEN, signed))
        await self._compare_body(request, handler, proof.content_digest, f"kiosk:{kiosk.id}")
        request.state.sender = Sender(kiosk.id, kiosk.branch)

    async def _partner(self, request: Request[Any, Any, Any], handler: BaseRouteHandler, role: PartnerRole) -> None:
        proof = await self._proven(request, handler, self.partners, AS_PARTNER)
        partner = Partner(proof.signer.id, proof.signer.role)
        if proof.signer.revoked_at is not None:
            problem = "this partner's rights were taken away: ask the library"
            await self._refuse(handler, partner.actor, refusal(HTTPStatus.FORBIDDEN, "partner_revoked", problem))
        if partner.role is not role:
            problem = f"this address is for another kind of partner ({role})"
            await self._refuse(handler, partner.actor, refusal(HTTPStatus.FORBIDDEN, "not_allowed", problem))
        await self._compare_body(request, handler, proof.content_digest, partner.actor)
        request.state.partner = partner

    async def _proven(
        self, request: Request[Any, Any, Any], handler: BaseRouteHandler, directory: Directory[Record], signed_as: SignedAs
    ) -> Proof[Record]:
        """Who signed a request, a revoked one too. The signature stands in the headers: a stranger's body is not even read."""
        if directory.is_stale:
            await anyio.to_thread.run_sync(directory.refresh)
        try:
            return verify(_signed(request), directory.find, now=self.now, signed_as=signed_as)
        except SignatureRefusedError as error:
            await self._refuse_stranger(handler, self._unauthorised(error.code, str(error)))

    async def _compare_body(self, request: Request[Any, Any, Any], handler: BaseRouteHandler, signed: str, actor: str) -> None:
        body = await self.bodies.read(request)
        if not hmac.compare_digest(signed.encode(), content_digest(body).encode()):
            await self._refuse(handler, actor, self._unauthorised("digest_mismatch", "the body is not the one that was signed"))

    def _unauthorised(self, code: str, problem: str) -> RefusedError:
        """With the registry's time, so that a kiosk with a wrong clock can see it and sign again."""
        return refusal(HTTPStatus.UNAUTHORIZED, code, problem, server_time=self.now())

    async def _refuse_stranger(self, handler: BaseRouteHandler, error: RefusedError) -> NoReturn:
        """The route's own path is noted, not the one asked for: a stranger could think of any number of those."""
        due = self.refusals.count("request", error.code, path=_path_of(handler))
        if due:
            await anyio.to_thread.run_sync(self.refusals.write, due)
        raise error

    async def _refuse(self, handler: BaseRouteHandler, actor: str, error: RefusedError) -> NoReturn:
        """The route's own path here too: what a rogue kiosk writes into an address has no place in the trail."""
        detail = {"path": _path_of(handler), "code": error.code}
        entry = AuditEntry(self.now(), actor, "request", "refused", detail)
        await anyio.to_thread.run_sync(self.database.write, lambda work: append(work.connection, entry))
        raise error


def _path_of(handler: BaseRouteHandler) -> str:
    return min(handler.paths, default="")


def _signed(request: Request[Any, Any, Any]) -> SignedRequest:
    path = request.scope["raw_path"].decode("latin-1")
    query = request.scope["query_string"].decode("latin-1")
    lines = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.scope["headers"])
    return SignedRequest(request.method, f"https://registry{path}" + (f"?{query}" if query else ""), Headers(lines))
