"""A registry in memory, as far as rosters go: what the stores do with a plan, without a database."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import count
from uuid import UUID

from circulation.cards import CardKind, CardState, CardUid
from circulation.ids import CardId, PatronId
from registry.cards.replacement import Owner
from registry.cards.store import CardSource
from registry.rosters.bindings import mirrored
from registry.rosters.card_events import plan_card_events
from registry.rosters.known import ContactData, Known, KnownCard, KnownPatron, Named
from registry.rosters.matching import plan_bureau, plan_contacts
from registry.rosters.plan import Plan
from registry.rosters.rows import BureauRow, ContactRow, RosterRow

BRANCHES = {"400001": "B1", "400002": "B2", "400003": "B3"}


@dataclass
class Model:
    patrons: dict[str, KnownPatron] = field(default_factory=dict)
    former: dict[CardUid, PatronId] = field(default_factory=dict)
    named: dict[CardUid, Named] = field(default_factory=dict)
    lost: set[CardUid] = field(default_factory=set)
    waiting: dict[str, tuple[ContactRow, int]] = field(default_factory=dict)
    keys: Iterable[int] = field(default_factory=lambda: count(1))

    def take(self, rows: Iterable[RosterRow], year: int) -> Plan:
        given = list(rows)
        known = self.known(given)
        bureau = [row for row in given if isinstance(row, BureauRow)]
        contacts = [row for row in given if isinstance(row, ContactRow)]
        if bureau:
            plan = plan_bureau(bureau, (), known, school_year=year, new_patron=lambda _: UUID(int=next(iter(self.keys))))
        elif contacts:
            plan = plan_contacts(contacts, (), known, school_year=year)
        else:
            plan = plan_card_events([row for row in given if not isinstance(row, BureauRow | ContactRow)], known, school_year=year)
        self.write(plan)
        return plan

    def known(self, rows: list[RosterRow]) -> Known:
        owners = {CardUid.from_hex(one.card.number): Owner(one.id, CardKind.EASYCARD) for one in self.patrons.values() if one.card}
        held = {uid: owner.patron for uid, owner in owners.items()} | {uid: one for uid, one in self.former.items() if uid not in owners}
        numbers = [row.card for row in rows if isinstance(row, BureauRow)]
        return Known(
            self.patrons,
            owners,
            {uid: one for uid, one in self.former.items() if uid not in owners},
            {national_id: row for national_id, (row, _) in self.waiting.items()},
            BRANCHES,
            {national_id: year for national_id, (_, year) in self.waiting.items()},
            {uid: held[other] for uid in numbers if (other := mirrored(uid)) in held},
            self.named,
            frozenset(),
            frozenset(self.lost),
        )

    def write(self, plan: Plan) -> None:
        by_key = {one.id: national_id for national_id, one in self.patrons.items()}
        for new in plan.patrons:
            row = new.row
            self.patrons[row.national_id] = KnownPatron(new.id, row.name, row.born, new.complete, new.regular_at)
            by_key[new.id] = row.national_id
        for card in plan.cards:
            if card.replaces is not None:
                self.former[CardUid.from_hex(card.replaces)] = card.patron
            bound = KnownCard(card.row.card.hex, CardId(UUID(int=0)), CardState.ACTIVE, CardSource.ROSTER)
            self._change(by_key[card.patron], card=bound)
        for told in plan.lost:
            patron = self.patrons[by_key[told.patron]]
            assert patron.card is not None
            self._change(by_key[told.patron], card=replace(patron.card, state=CardState.LOST))
            self.lost.add(told.card)
        for told in plan.ended:
            self.former[told.card] = told.patron
            self._change(by_key[told.patron], card=None)
        self.named |= plan.named
        for key, national_id in by_key.items():
            self._data(national_id, key, plan)
        self.waiting |= {national_id: (waits, plan.school_year) for national_id, waits in plan.waits.items()}
        for national_id in plan.no_longer_waits:
            self.waiting.pop(national_id, None)

    def _data(self, national_id: str, key: PatronId, plan: Plan) -> None:
        before = self.patrons[national_id]
        self.patrons[national_id] = replace(
            before,
            pupil=plan.pupils.get(key, before.pupil),
            contact=plan.contacts.get(key, before.contact),
            contact_complete=before.contact_complete or key in plan.completed,
            consents=before.consents | ({plan.school_year} if key in plan.consents else set()),
            regular_at=plan.moved.get(key, before.regular_at),
            fresh=plan.fresh.get(key, before.fresh),
        )

    def _change(self, national_id: str, *, card: KnownCard | None) -> None:
        self.patrons[national_id] = replace(self.patrons[national_id], card=card)

    def state(self) -> dict[str, object]:
        """What anybody can see of it: keys and history left out."""
        people = {
            national_id: (
                _card(one),
                one.pupil and one.pupil.values,
                one.contact,
                one.contact_complete,
                sorted(one.consents),
                one.regular_at,
            )
            for national_id, one in self.patrons.items()
        }
        waits = {national_id: (ContactData.of(row), row.born, year) for national_id, (row, year) in self.waiting.items()}
        return {"people": people, "waiting": waits}


def _card(one: KnownPatron) -> tuple[str, CardState] | None:
    return None if one.card is None else (one.card.number, one.card.state)
