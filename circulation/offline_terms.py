"""Offline terms: one dated version of the offline limits, for the whole library and for branches that differ, as a document. Pure.

The same reader reads what a person wrote (every fault with its place) and what a kiosk is told (fields of a later version are
let be). A document that could let an older feed do more than a younger one is none.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum, unique
from itertools import pairwise
from typing import Any

from circulation.documents import DocumentError, DocumentFault, Path
from circulation.offline import MIB, OfflineLimits, Step

"""Where something stands: ``("branches", "DAO", "steps", "2", "items")``; steps count from 1."""
Document = Mapping[str, object]

LONGEST_SOURCE = 2_000
MOST_STEPS = 8
MOST_BRANCHES = 500
_MOST_VERSION = 1_000_000
_LONGEST_HOURS = 31 * 24
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Number:
    """A whole number of a document: its bounds, how it is read into a limit and how it is written. ``of_branch``: a branch may differ."""

    field: str
    least: int
    most: int
    read: Callable[[int], Any]
    write: Callable[[Any], int]
    of_branch: bool = True


def _timed(name: str, least: int, most: int, unit: timedelta, *, of_branch: bool = False) -> _Number:
    return _Number(name, least, most, lambda number: number * unit, lambda value: value // unit, of_branch=of_branch)


def _hourly(name: str) -> _Number:
    """0 is written for no limit."""
    return _Number(name, 0, 100_000, lambda number: number or None, lambda value: value or 0)


def _mebibytes(name: str, least: int, most: int) -> _Number:
    return _Number(name, least, most, lambda number: number * MIB, lambda value: value // MIB)


def _counted(name: str) -> _Number:
    return _Number(name, 1, 1_000_000, int, int)


NUMBERS: Mapping[str, _Number] = {
    "fresh_minutes": _timed("fresh", 1, 120, timedelta(minutes=1)),
    "renewals_hours": _timed("renewals_up_to", 0, _LONGEST_HOURS, _HOUR, of_branch=True),
    "patron_per_hour": _hourly("patron_per_hour"),
    "kiosk_per_hour": _hourly("kiosk_per_hour"),
    "unsent_stops_loans": _counted("most_unsent"),
    "unsent_stops_returns": _counted("most_unsent_returns"),
    "disk_stops_loans_mib": _mebibytes("disk_for_loans", 64, 1_048_576),
    "disk_stops_returns_mib": _mebibytes("disk_for_returns", 16, 1_048_576),
    "clock_jump_seconds": _timed("clock_tolerance", 30, 3_600, timedelta(seconds=1)),
    "clock_doubt_hours": _timed("clock_doubt", 0, _LONGEST_HOURS, _HOUR),
}
"""Every number of a document, by its name there. Below 16 MiB a ledger of ten thousand facts could not end well."""
_OF_BRANCH = frozenset({name for name, number in NUMBERS.items() if number.of_branch} | {"steps"})
_HEAD = frozenset({"version", "effective_from", "source"})


@unique
class TermsFaultCode(StrEnum):
    """What is wrong at a place. The sentences stand in the catalogue as ``offline.fault.<code>``."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    """Nothing of this name belongs here: a typing mistake would silently leave a limit out."""
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_DATE = "not_a_date"
    NOT_A_TEXT = "not_a_text"
    NOT_A_TABLE = "not_a_table"
    NOT_YES_OR_NO = "not_yes_or_no"
    NO_STEPS = "no_steps"
    """Steps are a list of one to eight."""
    NOT_OLDER = "not_older"
    """Each step reaches further than the one before, the first further than a fresh feed."""
    MORE_WHEN_OLDER = "more_when_older"
    """An older feed would allow more than a younger one."""
    RENEWALS_TOO_LONG = "renewals_too_long"
    """Renewing longer than lending."""
    RETURNS_BEFORE_LOANS = "returns_before_loans"
    """Returns would end before loans do: the room that is left is theirs."""
    BRANCH_UNKNOWN = "branch_unknown"


@dataclass(frozen=True, slots=True)
class OfflineTerms:
    """One version, from a local date on. ``source`` says who decided; ``branches`` has the whole limits of those that differ."""

    version: int
    effective_from: date
    source: str
    limits: OfflineLimits = field(default_factory=OfflineLimits)
    branches: Mapping[str, OfflineLimits] = field(default_factory=dict)

    def for_branch(self, branch: str) -> OfflineLimits:
        """What holds at the kiosks of a branch."""
        return self.branches.get(branch, self.limits)


def read_terms(document: Document, *, strict: bool) -> OfflineTerms:
    """Read one version. ``strict``: nothing unknown may stand in it, as in what a person wrote.

    Raises:
        DocumentError: with every fault.

    """
    faults = list(_head_faults(document))
    faults += _limit_faults((), {name: value for name, value in document.items() if name not in {*_HEAD, "branches"}}, strict=strict)
    branches = document.get("branches", {})
    if not isinstance(branches, Mapping) or len(branches) > MOST_BRANCHES:
        raise DocumentError((*faults, DocumentFault(("branches",), TermsFaultCode.NOT_A_TABLE)))
    for code, own in branches.items():
        faults += _branch_faults(("branches", str(code)), own, strict=strict)
    if not faults:
        faults += _contradictions((), document)
        for code, own in branches.items():
            faults += _contradictions(("branches", str(code)), _merged(document, own))
    if faults:
        raise DocumentError(tuple(faults))
    effective_from, source = _date(document["effective_from"]), str(document["source"]).strip()
    own_limits = {str(code): _limits(_merged(document, own)) for code, own in branches.items()}
    return OfflineTerms(_int(document["version"]), effective_from, source, _limits(document), own_limits)


def written_limits(limits: OfflineLimits) -> dict[str, object]:
    """The limits as they stand in a document."""
    steps = [{"up_to_hours": one.up_to // _HOUR, "items": one.items, "regulars_only": one.regulars_only} for one in limits.steps]
    return {**{name: number.write(getattr(limits, number.field)) for name, number in NUMBERS.items()}, "steps": steps}


def written_terms(terms: OfflineTerms) -> dict[str, object]:
    """The whole document, dates as text; a branch has only what differs."""
    whole = written_limits(terms.limits)
    branches = {
        code: {name: value for name, value in written_limits(own).items() if value != whole[name]} for code, own in terms.branches.items()
    }
    head = {"version": terms.version, "effective_from": terms.effective_from.isoformat(), "source": terms.source}
    return {**head, **whole, "branches": branches}


def _merged(document: Document, own: Document) -> Document:
    """The library's limits with what a branch may have of its own; the rest of what stands there is not read."""
    return {**document, **{name: value for name, value in own.items() if name in _OF_BRANCH}}


def _limits(document: Document) -> OfflineLimits:
    numbers = {number.field: number.read(_int(document[name])) for name, number in NUMBERS.items()}
    return OfflineLimits(steps=tuple(map(_step, _list(document["steps"]))), **numbers)


def _step(entry: Document) -> Step:
    return Step(_int(entry["up_to_hours"]) * _HOUR, _int(entry["items"]), bool(entry.get("regulars_only", False)))


def _head_faults(document: Document) -> Iterator[DocumentFault]:
    for name in sorted(_HEAD - document.keys()):
        yield DocumentFault((name,), TermsFaultCode.MISSING)
    if "version" in document:
        yield from _number(("version",), document["version"], 1, _MOST_VERSION)
    if "effective_from" in document and not _is_date(document["effective_from"]):
        yield DocumentFault(("effective_from",), TermsFaultCode.NOT_A_DATE)
    source = document.get("source", "said")
    if not isinstance(source, str) or not 0 < len(source.strip()) <= LONGEST_SOURCE:
        yield DocumentFault(("source",), TermsFaultCode.NOT_A_TEXT)


def _limit_faults(at: Path, entry: Document, *, strict: bool) -> Iterator[DocumentFault]:
    # Nothing is left to a default: what is unsaid in a new version would silently be another limit.
    for name in sorted({*NUMBERS, "steps"} - entry.keys()):
        yield DocumentFault((*at, name), TermsFaultCode.MISSING)
    yield from _known_faults(at, entry, {*NUMBERS, "steps"}, strict=strict)


def _branch_faults(at: Path, entry: object, *, strict: bool) -> Iterator[DocumentFault]:
    if not isinstance(entry, Mapping):
        yield DocumentFault(at, TermsFaultCode.NOT_A_TABLE)
        return
    yield from _known_faults(at, entry, _OF_BRANCH, strict=strict)


def _known_faults(at: Path, entry: Document, known: set[str] | frozenset[str], *, strict: bool) -> Iterator[DocumentFault]:
    if strict:
        for name in sorted(entry.keys() - known):
            yield DocumentFault((*at, name), TermsFaultCode.UNKNOWN)
    for name, number in NUMBERS.items():
        if name in entry and name in known:
            yield from _number((*at, name), entry[name], number.least, number.most)
    if "steps" in entry:
        yield from _step_faults((*at, "steps"), entry["steps"], strict=strict)


def _step_faults(at: Path, steps: object, *, strict: bool) -> Iterator[DocumentFault]:
    if not isinstance(steps, list) or not 0 < len(steps) <= MOST_STEPS:
        yield DocumentFault(at, TermsFaultCode.NO_STEPS)
        return
    for i, entry in enumerate(steps, 1):
        here = (*at, str(i))
        if not isinstance(entry, Mapping):
            yield DocumentFault(here, TermsFaultCode.NOT_A_TABLE)
            continue
        for name, most in (("up_to_hours", _LONGEST_HOURS), ("items", 1_000)):
            if name in entry:
                yield from _number((*here, name), entry[name], 1 if name == "up_to_hours" else 0, most)
            else:
                yield DocumentFault((*here, name), TermsFaultCode.MISSING)
        if not isinstance(entry.get("regulars_only", False), bool):
            yield DocumentFault((*here, "regulars_only"), TermsFaultCode.NOT_YES_OR_NO)
        if strict:
            for name in sorted(entry.keys() - {"up_to_hours", "items", "regulars_only"}):
                yield DocumentFault((*here, name), TermsFaultCode.UNKNOWN)


def _contradictions(at: Path, document: Document) -> Iterator[DocumentFault]:
    """What is wrong between numbers that are each good."""
    limits = _limits(document)
    if limits.steps[0].up_to <= limits.fresh:
        yield DocumentFault((*at, "steps", "1", "up_to_hours"), TermsFaultCode.NOT_OLDER)
    for i, (younger, older) in enumerate(pairwise(limits.steps), 2):
        if older.up_to <= younger.up_to:
            yield DocumentFault((*at, "steps", str(i), "up_to_hours"), TermsFaultCode.NOT_OLDER)
        if older.items > younger.items:
            yield DocumentFault((*at, "steps", str(i), "items"), TermsFaultCode.MORE_WHEN_OLDER)
        if younger.regulars_only and not older.regulars_only:
            yield DocumentFault((*at, "steps", str(i), "regulars_only"), TermsFaultCode.MORE_WHEN_OLDER)
    if limits.renewals_up_to > limits.steps[-1].up_to:
        yield DocumentFault((*at, "renewals_hours"), TermsFaultCode.RENEWALS_TOO_LONG)
    if limits.most_unsent_returns < limits.most_unsent:
        yield DocumentFault((*at, "unsent_stops_returns"), TermsFaultCode.RETURNS_BEFORE_LOANS)
    if limits.disk_for_returns > limits.disk_for_loans:
        yield DocumentFault((*at, "disk_stops_returns_mib"), TermsFaultCode.RETURNS_BEFORE_LOANS)


def _number(at: Path, value: object, least: int, most: int) -> Iterator[DocumentFault]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield DocumentFault(at, TermsFaultCode.NOT_A_NUMBER)
    elif not least <= value <= most:
        yield DocumentFault(at, TermsFaultCode.OUT_OF_RANGE, least, most)


def _is_date(value: object) -> bool:
    try:
        _date(value)
    except (TypeError, ValueError):
        return False
    return True


def _date(value: object) -> date:
    """A date as TOML gives it, or as text in ISO 8601."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        message = "no date"
        raise TypeError(message)
    return date.fromisoformat(value)


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0


def _list(value: object) -> list[Document]:
    return value if isinstance(value, list) else []
