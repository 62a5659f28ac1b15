"""What undoing a batch does, decided from what the batch did and how things stand now. Pure.

Everything that stands as the batch left it is put back; whatever has changed since is left as it is and becomes a
question for a person. A patron whom the batch made and nobody has met since is removed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum, unique

from circulation.cards import CardState, CardUid
from circulation.ids import PatronId
from registry.cards.replacement import Owner
from registry.rosters.effects import Effect, Waited
from registry.rosters.known import ContactData, Fresh, KnownCard, KnownPatron, Named, PupilData


@unique
class Aspect(StrEnum):
    """What of a patron has changed since: stable codes."""

    PATRON = "patron"
    """Somebody has met the patron whom the batch made."""
    CARD = "card"
    PUPIL = "pupil"
    CONTACT = "contact"
    BRANCH = "branch"


@dataclass(frozen=True, slots=True)
class Present:
    """How things stand now.

    ``met`` are patrons of whom something is on record that the batch did not bring. ``owners`` have the numbers that the batch
    replaced or ended; ``reports`` are loss reports of the batch that still stand, ``other_reports`` cards with another that does;
    ``named`` what the Bureau said of numbers by their keys; ``consents`` patrons whose consent is the batch's.
    """

    patrons: Mapping[PatronId, KnownPatron]
    met: frozenset[PatronId] = frozenset()
    owners: Mapping[CardUid, Owner] = field(default_factory=dict)
    reports: frozenset[object] = frozenset()
    other_reports: frozenset[PatronId] = frozenset()
    named: Mapping[bytes, Named] = field(default_factory=dict)
    consents: frozenset[PatronId] = frozenset()
    waiting: Mapping[bytes, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class Changed:
    """A patron of whom not everything can be put back."""

    patron: PatronId
    row: int
    aspects: tuple[Aspect, ...]


@dataclass(slots=True)
class UndoPlan:
    """Everything that undoing writes."""

    removed: list[PatronId] = field(default_factory=list)
    unbound: dict[PatronId, str] = field(default_factory=dict)
    bound_again: dict[PatronId, KnownCard] = field(default_factory=dict)
    lifted: dict[PatronId, tuple[object, bool]] = field(default_factory=dict)
    """Loss reports by patron, and whether the card works again."""
    pupils: dict[PatronId, PupilData | None] = field(default_factory=dict)
    contacts: dict[PatronId, ContactData | None] = field(default_factory=dict)
    incomplete: list[PatronId] = field(default_factory=list)
    branches: dict[PatronId, str | None] = field(default_factory=dict)
    consents: list[PatronId] = field(default_factory=list)
    words: dict[PatronId, Fresh] = field(default_factory=dict)
    named: dict[bytes, Named | None] = field(default_factory=dict)
    waits_again: list[Waited] = field(default_factory=list)
    waits_no_more: list[bytes] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """All numbers by stable names."""
        return {
            "removed": len(self.removed),
            "unbound": len(self.unbound),
            "bound_again": len(self.bound_again),
            "lifted": len(self.lifted),
            "pupils": len(self.pupils),
            "contacts": len(self.contacts),
            "consents": len(self.consents),
            "branches": len(self.branches),
            "waits_again": len(self.waits_again),
            "changed": len(self.changed),
        }


def decide_undo(people: Iterable[Effect], waits: Iterable[tuple[bytes, Waited | None, datetime]], present: Present) -> UndoPlan:
    """Decide what is put back and what is a question.

    Args:
        people: what the batch did to each patron, one effect each.
        waits: rows that the batch let wait, what waited there before, and since when they wait.
        present: how things stand now.

    """
    plan = UndoPlan()
    for effect in people:
        if effect.created:
            _uncreate(plan, effect, present)
        else:
            _put_back(plan, effect, present)
    for tag, before, since in waits:
        if present.waiting.get(tag) == since:
            plan.waits_no_more.append(tag)
            if before is not None:
                plan.waits_again.append(before)
    return plan


def _uncreate(plan: UndoPlan, effect: Effect, present: Present) -> None:
    now = present.patrons.get(effect.patron)
    if now is None:
        return
    same_card = now.card is None if effect.bound is None else now.card is not None and now.card.number == effect.bound
    untouched = same_card and now.pupil == effect.pupil_after and now.contact == effect.contact_after
    if effect.patron in present.met or not untouched:
        plan.changed.append(Changed(effect.patron, effect.row, (Aspect.PATRON,)))
        return
    plan.removed.append(effect.patron)
    if effect.bound is not None:
        plan.unbound[effect.patron] = effect.bound
    _unname(plan, effect, present)
    _wait_again(plan, effect, present)


def _put_back(plan: UndoPlan, effect: Effect, present: Present) -> None:
    now = present.patrons.get(effect.patron)
    if now is None:
        return
    changed = [Aspect.CARD] if not _cards(plan, effect, now, present) else []
    changed += _data(plan, effect, now, present)
    if effect.consented and effect.patron in present.consents:
        plan.consents.append(effect.patron)
    _words(plan, effect, now)
    _unname(plan, effect, present)
    if changed:
        plan.changed.append(Changed(effect.patron, effect.row, tuple(changed)))


def _data(plan: UndoPlan, effect: Effect, now: KnownPatron, present: Present) -> Iterator[Aspect]:
    """Put back what stands as the batch left it, and name what does not."""
    if effect.pupil:
        if now.pupil == effect.pupil_after:
            plan.pupils[effect.patron] = effect.pupil_before
        else:
            yield Aspect.PUPIL
    if effect.contact or effect.completed:
        if _contact(plan, effect, now):
            _wait_again(plan, effect, present)
        else:
            yield Aspect.CONTACT
    if effect.moved:
        if now.regular_at == effect.branch_after:
            plan.branches[effect.patron] = effect.branch_before
        else:
            yield Aspect.BRANCH


def _cards(plan: UndoPlan, effect: Effect, now: KnownPatron, present: Present) -> bool:
    """Whether the card is as the batch left it, or was never touched."""
    if effect.lost is not None and effect.lost in present.reports and now.card is not None and now.card.number == effect.lost_card:
        plan.lifted[effect.patron] = (effect.lost, not effect.was_lost and effect.patron not in present.other_reports)
    if effect.bound is None and not effect.ended:
        return True
    before = effect.card_before
    taken = before is not None and CardUid.from_hex(before.number) in present.owners
    if effect.bound is not None:
        as_left = now.card is not None and now.card.number == effect.bound and now.card.state is CardState.ACTIVE
    else:
        as_left = now.card is None
    if not as_left or taken:
        return False
    if effect.bound is not None:
        plan.unbound[effect.patron] = effect.bound
    if before is not None:
        plan.bound_again[effect.patron] = before
    return True


def _contact(plan: UndoPlan, effect: Effect, now: KnownPatron) -> bool:
    """Whether the contact data is as the batch left it."""
    if effect.contact and now.contact != effect.contact_after:
        return False
    if effect.contact:
        plan.contacts[effect.patron] = effect.contact_before
    if effect.completed and now.contact_complete:
        plan.incomplete.append(effect.patron)
    return True


def _words(plan: UndoPlan, effect: Effect, now: KnownPatron) -> None:
    """A newer word than the batch's stays."""
    if effect.fresh_after is None:
        return
    names = [one.name for one in fields(Fresh)]
    parts = {
        name: getattr(effect.fresh_before if getattr(now.fresh, name) == getattr(effect.fresh_after, name) else now.fresh, name)
        for name in names
    }
    if Fresh(**parts) != now.fresh:
        plan.words[effect.patron] = Fresh(**parts)


def _unname(plan: UndoPlan, effect: Effect, present: Present) -> None:
    for number in effect.named:
        if present.named.get(number.card_key) == number.after:
            plan.named[number.card_key] = number.before


def _wait_again(plan: UndoPlan, effect: Effect, present: Present) -> None:
    if effect.waited is not None and effect.waited.tag not in present.waiting:
        plan.waits_again.append(effect.waited)


def one_each(effects: Iterable[Effect]) -> list[Effect]:
    """What a batch did to each patron in all its runs: what was there before the first, what the last left."""
    found: dict[PatronId, Effect] = {}
    for effect in effects:
        before = found.get(effect.patron)
        found[effect.patron] = effect if before is None else _joined(before, effect)
    return list(found.values())


def _joined(first: Effect, last: Effect) -> Effect:
    """Two runs of one batch for one patron, such as its file and a case of it that was decided later."""
    return Effect(
        patron=first.patron,
        row=first.row,
        created=first.created,
        bound=last.bound or first.bound,
        card_before=first.card_before if first.bound or first.ended else last.card_before,
        ended=(first.ended or last.ended) and not last.bound,
        lost=last.lost or first.lost,
        lost_card=last.lost_card or first.lost_card,
        was_lost=first.was_lost if first.lost else last.was_lost,
        pupil=first.pupil or last.pupil,
        pupil_before=first.pupil_before if first.pupil else last.pupil_before,
        pupil_after=last.pupil_after if last.pupil else first.pupil_after,
        contact=first.contact or last.contact,
        contact_before=first.contact_before if first.contact else last.contact_before,
        contact_after=last.contact_after if last.contact else first.contact_after,
        completed=first.completed or last.completed,
        moved=first.moved or last.moved,
        branch_before=first.branch_before if first.moved else last.branch_before,
        branch_after=last.branch_after if last.moved else first.branch_after,
        consented=first.consented or last.consented,
        fresh_before=first.fresh_before,
        fresh_after=last.fresh_after or first.fresh_after,
        named=(*(one for one in first.named if one.card_key not in {two.card_key for two in last.named}), *last.named),
        waited=last.waited or first.waited,
    )
