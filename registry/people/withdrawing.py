"""The desk where consent is taken back (R11): the student card stops at once, the rest goes when nothing is open any more.

Until then nothing can be borrowed or renewed on an account that ends with the consent; returns go on as ever.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Connection

from circulation.blocks import Block, BlockCode
from circulation.ids import PatronId
from registry.cards.store import CardSource
from registry.cards.store_events import CardEventKind
from registry.cards.store_replacements import Origin
from registry.cards.store_replacements import end as end_cards
from registry.database import UnitOfWork
from registry.desk.replacing import card_entries
from registry.exchange.projection import key_text
from registry.exchange.store_feed import FeedEntry
from registry.holds.effects import end_holds
from registry.lending import store as lending
from registry.lending.store import BlockRecord, branch_name
from registry.people import store, store_withdrawals
from registry.people.ages import AccountRules, Signer, decide_signer
from registry.people.guardianship import GuardianAct
from registry.people.guarding import acts_for
from registry.people.leaving import (
    Open,
    WithdrawalOutcome,
    closes,
    decide_completion,
    decide_withdrawal,
    is_student_card,
)
from registry.people.office import Office, Refusals, Refused
from registry.people.refusals import PeopleRefusal
from registry.people.store import Person
from registry.people.store_erasure import Ending, Forget, end_accounts, holds_of
from registry.people.store_open import OwnedCard, cards_of, open_on
from registry.people.store_withdrawals import Withdrawal
from replica.tables import ReplicaTable

SYSTEM = "registry"
"""Who does what nobody is there for."""


@dataclass(frozen=True, slots=True)
class WithdrawalForm:
    """A consent that is taken back: whose, who signed, by which guardian's link, at which branch."""

    patron: PatronId
    signed_by: Signer
    guardian: UUID | None = None
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What became of it. Without an outcome it is pending on account of ``left``. ``closing``: the account ends with it."""

    closing: bool
    outcome: WithdrawalOutcome | None
    left: Open


@dataclass(frozen=True, slots=True)
class _Waiting:
    one: Withdrawal
    closing: bool
    left: Open


class WithdrawalDesk:
    """Takes consents back, and completes what waits. ``forget`` is what other rooms do when an account ends."""

    def __init__(self, office: Office, *, forget: Collection[Forget] = ()) -> None:
        self._office = office
        self._forget = forget

    def withdraw(self, form: WithdrawalForm, *, by: str) -> Withdrawn:
        """Take a consent back: recorded with its date and who signed; done at once when nothing is open.

        Raises:
            PeopleRefusedError: with every reason.

        """
        return self._office.decided(by, "consent withdrawn", lambda work: self._withdraw(work, form, by))

    def complete_all(self) -> int:
        """Complete every withdrawal that nothing stands against any longer; how many. A running service does it once a day."""

        def complete(work: UnitOfWork) -> int:
            waiting = store_withdrawals.pending(work.connection)
            entries, outcomes = self._complete(work, waiting)
            if entries:
                self._office.publish(work, entries)
            return len(outcomes)

        return self._office.database.write(complete)

    def after_loans(self, work: UnitOfWork, loans: Collection[UUID]) -> list[FeedEntry]:
        """Complete what waited for these loans, which have just ended; what kiosks must hear of. Called where returns are written."""
        waiting = store_withdrawals.pending(work.connection, of_loans=loans) if loans else []
        return self._complete(work, waiting)[0]

    def _withdraw(self, work: UnitOfWork, form: WithdrawalForm, by: str) -> Withdrawn | Refused:
        office, connection = self._office, work.connection
        person, rules = office.person(connection, form.patron), office.rules(connection)
        if person is None or rules is None:
            return Refused((PeopleRefusal.NOBODY_FOUND if person is None else PeopleRefusal.NO_RULES,), form.patron)
        faults = self._faults(connection, form, person, rules)
        if faults:
            return Refused(faults, form.patron)
        now = office.outside.now()
        owned = cards_of(connection, [form.patron]).get(form.patron, [])
        student = [one.ending for one in owned if is_student_card(one.held)]
        closing = closes(person.basis, _own(owned))
        entries = card_entries(end_cards(work, student, Origin(now, by, CardSource.DESK), CardEventKind.WITHDRAWN))
        one = Withdrawal(office.outside.new_id(), form.patron, now, form.signed_by, form.guardian, by, form.branch)
        if closing:
            one = replace(one, block=office.outside.new_id())
            entries += self._stop(work, one)
        store_withdrawals.record(work, one)
        store_withdrawals.take_consents_back(work, form.patron)
        said: dict[str, str | int] = {"signed_by": str(form.signed_by), "closing": int(closing), "cards": len(student)}
        office.note(work, by, "consent withdrawn", {"patron": str(form.patron), **said})
        (waiting,) = self._looked_at(connection, [one])
        done, outcomes = self._complete(work, [one])
        office.publish(work, [*entries, *done])
        return Withdrawn(closing, outcomes.get(one.id), waiting.left)

    def _faults(self, connection: Connection, form: WithdrawalForm, person: Person, rules: AccountRules) -> Refusals:
        may_sign = None if form.guardian is None else acts_for(self._office, connection, form.guardian, person, GuardianAct.SIGN_CONSENT)
        faults = decide_withdrawal(
            person.patron_class,
            in_programme=person.in_programme,
            pending=any(one.ended_at is None for one in store_withdrawals.of(connection, form.patron)),
            signer=decide_signer(person.born, rules, today=self._office.today),
            signed_by=form.signed_by,
            guardian_may_sign=may_sign,
        )
        unknown = form.branch is not None and branch_name(connection, form.branch) is None
        return (*faults, *((PeopleRefusal.BRANCH_UNKNOWN,) if unknown else ()))

    def _stop(self, work: UnitOfWork, one: Withdrawal) -> list[FeedEntry]:
        """Nothing more is borrowed or renewed, and nothing can be collected: holds end."""
        if one.block is None:
            return []
        lending.add_blocks(work, [BlockRecord(one.block, one.patron, Block(BlockCode.STAFF))])
        holds = holds_of(work.connection, [one.patron])
        ended = end_holds(work, holds, now=one.received_at, new_id=self._office.outside.new_id)
        return [*ended, FeedEntry(ReplicaTable.BLOCK, key_text(one.block))]

    def _looked_at(self, connection: Connection, waiting: Collection[Withdrawal]) -> list[_Waiting]:
        own = [one.block for one in waiting if one.block is not None]
        before = {one.patron: one.received_at for one in waiting}
        left = open_on(connection, list(before), today=self._office.today, before=before, own_blocks=own)
        people, owned = store.persons(connection, list(before)), cards_of(connection, list(before))
        return [_Waiting(one, closes(people[one.patron].basis, _own(owned.get(one.patron, []))), left[one.patron]) for one in waiting]

    def _complete(self, work: UnitOfWork, waiting: Collection[Withdrawal]) -> tuple[list[FeedEntry], dict[UUID, WithdrawalOutcome]]:
        if not waiting:
            return [], {}
        connection = work.connection
        again = store_withdrawals.consented(connection, [one.patron for one in waiting])
        outcomes: dict[UUID, WithdrawalOutcome] = {}
        done: dict[WithdrawalOutcome, list[Withdrawal]] = {outcome: [] for outcome in WithdrawalOutcome}
        for seen in self._looked_at(connection, waiting):
            outcome = decide_completion(seen.left, closing=seen.closing, consented_again=seen.one.patron in again)
            if outcome is not None:
                outcomes[seen.one.id] = outcome
                done[outcome].append(seen.one)
        store_withdrawals.finish(work, outcomes, at=self._office.outside.now())
        entries = [
            *self._lift(work, [*done[WithdrawalOutcome.SUPERSEDED], *done[WithdrawalOutcome.STAYED]]),
            *self._forget_programme(work, [one.patron for one in done[WithdrawalOutcome.STAYED]]),
            *self._end(work, [one.patron for one in done[WithdrawalOutcome.ENDED]]),
        ]
        for one in waiting:
            if one.id in outcomes:
                self._office.note(work, SYSTEM, "withdrawal completed", {"patron": str(one.patron), "outcome": str(outcomes[one.id])})
        return entries, outcomes

    def _lift(self, work: UnitOfWork, given_up: Collection[Withdrawal]) -> list[FeedEntry]:
        lifted = [one.block for one in given_up if one.block is not None and lending.lift_block(work, one.block)]
        return [FeedEntry(ReplicaTable.BLOCK, key_text(key)) for key in lifted]

    def _forget_programme(self, work: UnitOfWork, keys: Collection[PatronId]) -> list[FeedEntry]:
        tags = [self._office.tag(number) for number in store.national_ids_of(work.connection, keys)]
        store_withdrawals.forget_programme(work, keys, tags=tags)
        return [FeedEntry(ReplicaTable.PATRON, key_text(key)) for key in keys]

    def _end(self, work: UnitOfWork, keys: Collection[PatronId]) -> list[FeedEntry]:
        if not keys:
            return []
        origin = Origin(self._office.outside.now(), SYSTEM, CardSource.DESK)
        return end_accounts(
            work, keys, Ending(origin, "consent_withdrawn", self._office.tag, self._office.outside.new_id), also=self._forget
        )


def _own(cards: Collection[OwnedCard]) -> int:
    """How many cards the patron has beside the student ID."""
    return sum(not is_student_card(one.held) for one in cards)
