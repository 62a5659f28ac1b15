"""What the routes of apps share: who may ask how often, what may be done once only, and how a refusal is told."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import TypeVar
from uuid import UUID

import anyio.to_thread

from circulation.wire import Problem
from registry.access import Partner
from registry.audit.refusals import Refusals
from registry.desk.rate_limit import RateLimit
from registry.desk.refusals import DeskRefusal, DeskRefusedError
from registry.desk.room import Desk
from registry.holds.rules import HoldRefusal, HoldRefusedError
from registry.mobile.member_messages import HoldRefused
from registry.mobile.refusals import MobileRefusal
from registry.outside import Outside
from registry.problems import RefusedError, refusal
from registry.settings import RegistrySettings

MAX_BODY = 1024
REFUSALS = {
    400: "The body is malformed.",
    401: "The signature proves nothing; the registry's time is in the answer.",
    403: "The app's rights were taken away, or the member is refused (code sign_in_refused, signed_out).",
    408: "The body did not come in time.",
    413: "The body is larger than 1 KiB.",
    429: "Too often (code too_many); Retry-After says when to ask again.",
}
ONCE = {409: "This request was done already (code replayed): a new try has a new key."}
_PROBLEMS: dict[str, tuple[HTTPStatus, str]] = {
    MobileRefusal.SIGN_IN: (HTTPStatus.FORBIDDEN, "number or PIN is wrong, there is no PIN, or it is locked"),
    MobileRefusal.SIGNED_OUT: (HTTPStatus.FORBIDDEN, "this device is signed out: the member signs in again"),
    DeskRefusal.NO_SUCH_RECORD: (HTTPStatus.NOT_FOUND, "the member has no card of this kind"),
}
Result = TypeVar("Result")


class Door:
    """The desk behind the routes, and the limits of those who ask. Limits are counted in this process."""

    def __init__(self, desk: Desk, outside: Outside, settings: RegistrySettings, refusals: Refusals) -> None:
        self.desk = desk
        self.settings = settings
        self._refusals = refusals
        self._salt = outside.random_bytes(32)
        self.of_app = RateLimit(settings.sign_ins_a_minute, timedelta(minutes=1), now=outside.now)
        self.of_number = RateLimit(settings.sign_ins_of_a_number, settings.sign_ins_of_a_number_in, now=outside.now)
        self.of_device = RateLimit(settings.codes_a_minute, timedelta(minutes=1), now=outside.now)
        self.of_member = RateLimit(settings.member_requests_a_minute, timedelta(minutes=1), now=outside.now)

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


async def done(act: Callable[[], Result]) -> Result:
    """What the desk says, in a thread of its own; its refusals as they travel."""
    try:
        return await anyio.to_thread.run_sync(act)
    except DeskRefusedError as error:
        raise told(error) from None
    except HoldRefusedError as error:
        raise _told_of_hold(error) from None


def told(error: DeskRefusedError) -> RefusedError:
    """A refusal of the desk as it travels."""
    status, problem = _PROBLEMS[error.code]
    return refusal(status, error.code, problem)


def _told_of_hold(error: HoldRefusedError) -> RefusedError:
    gone = HoldRefusal.HOLD_UNKNOWN in error.reasons
    status = HTTPStatus.NOT_FOUND if gone else HTTPStatus.UNPROCESSABLE_ENTITY
    reasons = tuple(str(one) for one in error.reasons)
    return RefusedError(status, HoldRefused(code=reasons[0], problem=f"nothing was changed: {', '.join(reasons)}", reasons=reasons))
