"""What a new rule set would change, and whether it may come in. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from circulation.patrons import PatronClass
from circulation.rules import RuleBook, RuleSet
from replica.library_rows import written_by_class


@unique
class RuleRefusal(StrEnum):
    """Why a rule set does not come in. The sentences stand in the catalogue as ``rules.refused.<code>``."""

    VERSION_EXISTS = "version_exists"
    VERSION_TOO_LOW = "version_too_low"
    """A new version has a higher number than every other one."""
    RETROACTIVE = "retroactive"
    """It would hold for days that are over, and nobody said why."""


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One rule of one class: what held, what will hold; none where it was, or will be, unsaid."""

    patron_class: PatronClass
    path: tuple[str, ...]
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class RulePreview:
    """What a rule set changes. It holds from ``starts`` until the day before ``ends``, when a version that is on record takes over."""

    rule_set: RuleSet
    replaces: int | None
    changes: tuple[RuleChange, ...]
    starts: date
    ends: date | None
    patrons: Mapping[PatronClass, int]
    """How many patrons of each class there are."""


def decide_rule_set(new: RuleSet, book: RuleBook, *, because: str, today: date) -> RuleRefusal | None:
    """Whether the version may come in. ``because`` says why it holds for days that are over, where it does."""
    versions = {one.version for one in book.sets}
    if new.version in versions:
        return RuleRefusal.VERSION_EXISTS
    if new.version < max(versions, default=0):
        return RuleRefusal.VERSION_TOO_LOW
    if new.effective_from < today and not because:
        return RuleRefusal.RETROACTIVE
    return None


def rule_changes(old: RuleSet | None, new: RuleSet) -> tuple[RuleChange, ...]:
    """Every single rule that differs between two versions."""
    before, after = (dict(_flat(one)) for one in (old, new))
    return tuple(
        RuleChange(PatronClass(name), path, before.get((name, path)), after.get((name, path)))
        for name, path in sorted(before.keys() | after.keys())
        if before.get((name, path)) != after.get((name, path))
    )


def single_rules(rule_set: RuleSet, patron_class: PatronClass) -> list[tuple[tuple[str, ...], object]]:
    """The rules of one class, one by one: where each stands, and what it is."""
    return [(path, value) for (name, path), value in _flat(rule_set) if name == patron_class]


def ends_before(book: RuleBook, new: RuleSet) -> date | None:
    """From which day on another version on record would hold instead."""
    return min((one.effective_from for one in book.sets if one.effective_from > new.effective_from), default=None)


def _flat(rule_set: RuleSet | None) -> Iterator[tuple[tuple[str, tuple[str, ...]], object]]:
    if rule_set is not None:
        for name, written in written_by_class(rule_set.by_class).items():
            for path, value in _leaves(written, ()):
                yield (name, path), value


def _leaves(value: object, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    if isinstance(value, Mapping):
        for name, below in value.items():
            yield from _leaves(below, (*above, str(name)))
    elif value is not None:
        yield above, value
