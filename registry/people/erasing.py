"""The desk where an account ends because its owner asks for it: refused while something is open, else everything goes."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Connection

from circulation.ids import PatronId
from registry.cards.store import CardSource
from registry.cards.store_replacements import Origin
from registry.database import UnitOfWork
from registry.people import store_withdrawals
from registry.people.ages import AccountRules, Signer, decide_signer
from registry.people.families import is_family
from registry.people.guardianship import GuardianAct
from registry.people.guarding import acts_for
from registry.people.leaving import WithdrawalOutcome, decide_end, signature_faults
from registry.people.office import Office, Refusals, Refused
from registry.people.refusals import PeopleRefusal
from registry.people.store import Person
from registry.people.store_erasure import Ending, Forget, end_accounts
from registry.people.store_open import open_on

OpenRequests = Callable[[Connection, PatronId], int]
"""How many requests of a patron another room has still to answer."""


@dataclass(frozen=True, slots=True)
class ErasureForm:
    """Who asks for the end of an account. A family's is asked for by whoever signs for it."""

    patron: PatronId
    signed_by: Signer
    guardian: UUID | None = None


class ErasureDesk:
    """Ends accounts. ``forget`` is what other rooms do then; ``requests`` are those that must be answered first."""

    def __init__(self, office: Office, *, forget: Collection[Forget] = (), requests: Collection[OpenRequests] = ()) -> None:
        self._office = office
        self._forget = forget
        self._requests = requests

    def obstacles(self, patron: PatronId) -> tuple[PeopleRefusal, ...]:
        """Every reason why this account can't end now."""
        with self._office.database.reading() as connection:
            return self._obstacles(connection, patron)

    def erase(self, form: ErasureForm, *, by: str) -> None:
        """End an account for good. Kiosks forget it, former numbers stay no such record, the audit trail keeps its key.

        Raises:
            PeopleRefusedError: with every reason.

        """

        def erase(work: UnitOfWork) -> bool | Refused:
            office, connection = self._office, work.connection
            person, rules = office.person(connection, form.patron), office.rules(connection)
            if person is None or rules is None:
                return Refused((PeopleRefusal.NOBODY_FOUND if person is None else PeopleRefusal.NO_RULES,), form.patron)
            faults = (*self._signature(connection, form, person, rules), *self._obstacles(connection, form.patron))
            if faults:
                return Refused(faults, form.patron)
            waiting = [one for one in store_withdrawals.of(connection, form.patron) if one.ended_at is None]
            now = office.outside.now()
            store_withdrawals.finish(work, dict.fromkeys((one.id for one in waiting), WithdrawalOutcome.ENDED), at=now)
            ending = Ending(Origin(now, by, CardSource.DESK), "asked_for", office.tag, office.outside.new_id)
            entries = end_accounts(work, [form.patron], ending, also=self._forget)
            office.note(work, by, "account erased", {"patron": str(form.patron), "signed_by": str(form.signed_by)})
            office.publish(work, entries)
            return True

        self._office.decided(by, "account erased", erase)

    def _signature(self, connection: Connection, form: ErasureForm, person: Person, rules: AccountRules) -> Refusals:
        if is_family(person.patron_class):
            return ()
        faults = signature_faults(decide_signer(person.born, rules, today=self._office.today), form.signed_by)
        if form.guardian is None or acts_for(self._office, connection, form.guardian, person, GuardianAct.SIGN_CONSENT):
            return faults
        return (*faults, PeopleRefusal.GUARDIAN_NOT_LINKED)

    def _obstacles(self, connection: Connection, patron: PatronId) -> tuple[PeopleRefusal, ...]:
        own = [one.block for one in store_withdrawals.of(connection, patron) if one.block is not None]
        left = open_on(connection, [patron], today=self._office.today, before={}, own_blocks=own)[patron]
        asked = sum(count(connection, patron) for count in self._requests)
        return decide_end(replace(left, questions=left.questions + asked))
