"""The desk for members who are signed in on a phone: look at the account, place and change holds, stop a lost card (Q6-1a, R21).

The PIN was typed at the sign-in, so titles are shown. Every look and every change stands in the audit trail under the app's name.
"""

from uuid import UUID

from circulation.cards import CardKind
from circulation.ids import BranchCode, HoldId
from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.desk.losing import LossDesk, Stopped
from registry.desk.refusals import DeskRefusedError
from registry.holds.desk import HoldDesk, HoldOrder
from registry.mobile import store_member
from registry.mobile.desk import MobileDesk
from registry.mobile.member_messages import Account, HoldElsewhere, HoldLater, HoldNamed, HoldWanted
from registry.mobile.refusals import MobileRefusal
from registry.outside import Outside


class MemberDesk:
    """What a member does in an app. ``app`` is the partner that signed the request, ``by`` its name in the trail.

    Every function raises ``DeskRefusedError`` with ``SIGNED_OUT`` when the token is nobody's (any more).
    """

    def __init__(self, database: Database, outside: Outside, *, mobile: MobileDesk, holds: HoldDesk, losses: LossDesk) -> None:
        self._database = database
        self._outside = outside
        self._mobile = mobile
        self._holds = holds
        self._losses = losses

    def account(self, app: UUID, token: bytes, *, by: str) -> Account:
        """The member's account as it stands now."""
        member = self._mobile.member(app, token)

        def look(work: UnitOfWork) -> Account | None:
            now = self._outside.now()
            append(work.connection, AuditEntry(now, by, "account shown", "done", {"patron": str(member)}))
            return store_member.account(work.connection, member, at=now)

        found = self._database.write(look)
        if found is None:
            raise DeskRefusedError(MobileRefusal.SIGNED_OUT)
        return found

    def place(self, app: UUID, asked: HoldWanted, *, by: str) -> HoldId:
        """Place a hold on the title of a copy.

        Raises:
            HoldRefusedError: with every reason.

        """
        member = self._mobile.member(app, asked.token)
        order = HoldOrder(member, self._holds.title_of(asked.barcode), BranchCode(asked.pickup))
        return self._holds.place(order, by=by)

    def cancel(self, app: UUID, asked: HoldNamed, *, by: str) -> None:
        """Give a hold up.

        Raises:
            HoldRefusedError: ``HOLD_UNKNOWN``, another member's too.

        """
        self._holds.cancel(asked.hold, by=by, of=self._mobile.member(app, asked.token))

    def suspend(self, app: UUID, asked: HoldLater, *, by: str) -> None:
        """Wait later.

        Raises:
            HoldRefusedError: ``HOLD_UNKNOWN``, ``COPY_IS_COMING``, ``DAY_NOT_AHEAD``.

        """
        self._holds.suspend(asked.hold, until=asked.until, by=by, of=self._mobile.member(app, asked.token))

    def resume(self, app: UUID, asked: HoldNamed, *, by: str) -> None:
        """Wait again now.

        Raises:
            HoldRefusedError: ``HOLD_UNKNOWN``.

        """
        self._holds.resume(asked.hold, by=by, of=self._mobile.member(app, asked.token))

    def move(self, app: UUID, asked: HoldElsewhere, *, by: str) -> None:
        """Collect it at another branch.

        Raises:
            HoldRefusedError: ``HOLD_UNKNOWN``, ``BRANCH_UNKNOWN``, ``PICK_UP_OVER``.

        """
        self._holds.change_pickup(asked.hold, pickup=BranchCode(asked.pickup), by=by, of=self._mobile.member(app, asked.token))

    def lose(self, app: UUID, token: bytes, kind: CardKind, *, by: str) -> Stopped:
        """Stop one's own card, at any hour (Q6-1a). The mobile card goes on (R14).

        Raises:
            DeskRefusedError: ``NO_SUCH_RECORD``: the member has no card of this kind.

        """
        return self._losses.lose_online(self._mobile.member(app, token), kind, by=by)
