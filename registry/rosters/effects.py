"""What a run did to each patron, and what was there before: enough to undo it, and to see what has changed since."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from circulation.cards import CardState
from circulation.ids import PatronId
from registry.rosters.known import ContactData, Fresh, KnownCard, KnownPatron, Named, PupilData
from registry.rosters.plan import NewCard, Plan


class Waited(msgspec.Struct, frozen=True):
    """A row of contact data as it waited, sealed under the registry's key."""

    tag: bytes
    sealed: bytes
    school_year: int
    received_at: datetime
    batch: UUID | None = None
    """In which batch it came, from which school and as which row, where that was noted."""
    school: str | None = None
    row_number: int = 0


class NumberNamed(msgspec.Struct, frozen=True):
    """What was known of a number that the Bureau has named, by its key; none for nothing."""

    card_key: bytes
    before: Named | None
    after: Named


class Effect(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a run did to one patron. ``…_before`` is what was there, none for nothing; flags say whether it was touched at all."""

    patron: PatronId
    row: int
    created: bool = False
    bound: str | None = None
    card_before: KnownCard | None = None
    ended: bool = False
    lost: UUID | None = None
    lost_card: str | None = None
    was_lost: bool = False
    pupil: bool = False
    pupil_before: PupilData | None = None
    pupil_after: PupilData | None = None
    contact: bool = False
    contact_before: ContactData | None = None
    contact_after: ContactData | None = None
    completed: bool = False
    moved: bool = False
    branch_before: str | None = None
    branch_after: str | None = None
    consented: bool = False
    fresh_before: Fresh = Fresh()
    fresh_after: Fresh | None = None
    named: tuple[NumberNamed, ...] = ()
    waited: Waited | None = None


class Effects(msgspec.Struct, frozen=True):
    """A piece of what a batch did at ``at`` (aware UTC). ``waits`` are rows that began to wait then, each with what waited there before."""

    school_year: int
    at: datetime
    people: tuple[Effect, ...] = ()
    waits: tuple[tuple[bytes, Waited | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Traces:
    """What the writing of a plan knows besides the plan: keys of numbers, rows that waited, the reports of losses."""

    numbers: Mapping[PatronId, tuple[NumberNamed, ...]] = field(default_factory=dict)
    waited: Mapping[PatronId, Waited] = field(default_factory=dict)
    reports: Mapping[PatronId, UUID] = field(default_factory=dict)


def effects_of(plan: Plan, known: Mapping[PatronId, KnownPatron], traces: Traces) -> Iterator[Effect]:
    """What a plan does to each patron it touches."""
    created = {one.id: one for one in plan.patrons}
    cards = {one.patron: one for one in plan.cards}
    ended = {one.patron for one in plan.ended}
    lost = {one.patron: one.card.hex for one in plan.lost}
    completed, consented = set(plan.completed), set(plan.consents)
    touched = dict.fromkeys(
        key
        for part in (created, cards, ended, lost, plan.pupils, plan.contacts, completed, plan.moved, consented, plan.fresh)
        for key in part
    )
    touched |= dict.fromkeys(traces.numbers)
    for key in touched:
        before = known.get(key, _NOBODY)
        values: dict[str, Any] = _of_card(before, cards.get(key), ended=key in ended)
        if key in lost:
            values |= _of_loss(before, lost[key], traces.reports.get(key))
        if key in plan.pupils:
            values |= {"pupil": True, "pupil_before": before.pupil, "pupil_after": plan.pupils[key]}
        if key in plan.contacts:
            values |= {"contact": True, "contact_before": before.contact, "contact_after": plan.contacts[key]}
        if key in plan.moved:
            values |= {"moved": True, "branch_before": before.regular_at, "branch_after": plan.moved[key]}
        yield Effect(
            key,
            plan.row_of.get(key, 0),
            key in created,
            completed=key in completed,
            consented=key in consented,
            fresh_before=before.fresh,
            fresh_after=plan.fresh.get(key),
            named=traces.numbers.get(key, ()),
            waited=traces.waited.get(key),
            **values,
        )


_NOBODY = KnownPatron(PatronId(UUID(int=0)), "", None, contact_complete=False, regular_at=None)


def _of_card(before: KnownPatron, new: NewCard | None, *, ended: bool) -> dict[str, Any]:
    if new is None:
        return {"ended": True, "card_before": before.card} if ended else {}
    return {"bound": new.row.card.hex, "card_before": None if new.replaces is None else before.card}


def _of_loss(before: KnownPatron, number: str, report: UUID | None) -> dict[str, Any]:
    return {"lost": report, "lost_card": number, "was_lost": before.card is not None and before.card.state is CardState.LOST}
