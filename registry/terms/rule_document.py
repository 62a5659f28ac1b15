"""A rule set as a document that somebody wrote: read with every fault and its place. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date, datetime
from enum import StrEnum, unique

import msgspec

from circulation.documents import DocumentError, DocumentFault, Path
from circulation.items import ItemKind
from circulation.patrons import PatronClass
from circulation.rules import HoldRules, RuleSet
from replica.library_rows import read_by_class

"""Where something stands: ``("personal", "days", "book")``."""

_KINDS = frozenset(map(str, ItemKind))
_CLASSES = tuple(map(str, PatronClass))
_MOST = 1_000_000
_LONGEST_DAYS = 366
_LONGEST_SUSPENSION = 3_650
_LONGEST_SOURCE = 2_000


@unique
class RuleFaultCode(StrEnum):
    """What is wrong at a place. The sentences stand in the catalogue as ``rules.fault.<code>``."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    """Nothing of this name belongs here: a typing mistake would silently leave a rule out."""
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_DATE = "not_a_date"
    NOT_A_TEXT = "not_a_text"
    NOT_A_TABLE = "not_a_table"
    NOT_YES_OR_NO = "not_yes_or_no"


def read_rule_document(document: Mapping[str, object]) -> RuleSet:
    """Read one rule set: ``version``, ``effective_from``, ``source`` and a table for every class of patron.

    Raises:
        DocumentError: with every fault.

    """
    faults = tuple(_faults(document))
    if faults:
        raise DocumentError(faults)
    by_class = read_by_class({name: document[name] for name in _CLASSES})
    head = msgspec.convert({name: document[name] for name in ("version", "effective_from", "source")}, _Head)
    return RuleSet(head.version, head.effective_from, head.source.strip(), by_class)


class _Head(msgspec.Struct):
    version: int
    effective_from: date
    source: str


def _faults(document: Mapping[str, object]) -> Iterator[DocumentFault]:
    yield from _names((), document, needed={"version", "effective_from", "source", *_CLASSES})
    if "version" in document:
        yield from _number(("version",), document["version"], 1, _MOST)
    begins = document.get("effective_from")
    if begins is not None and (not isinstance(begins, date) or isinstance(begins, datetime)):
        yield DocumentFault(("effective_from",), RuleFaultCode.NOT_A_DATE)
    source = document.get("source", "said")
    if not isinstance(source, str) or not 0 < len(source.strip()) <= _LONGEST_SOURCE:
        yield DocumentFault(("source",), RuleFaultCode.NOT_A_TEXT)
    for name in _CLASSES:
        if name in document:
            yield from _class_faults((name,), document[name])


def _class_faults(at: Path, entry: object) -> Iterator[DocumentFault]:
    if not isinstance(entry, Mapping):
        yield DocumentFault(at, RuleFaultCode.NOT_A_TABLE)
        return
    numbers = {"total": (1, _MOST), "renewals": (0, _LONGEST_DAYS)}
    # Nothing is left to a default: what is unsaid in a new version would silently end.
    tables = {"days", "extra", "renewal_days", "overdue", "holds"}
    yield from _names(at, entry, needed={*numbers, *tables}, may={"overdue_stops_loans"})
    for name, (least, most) in numbers.items():
        if name in entry:
            yield from _number((*at, name), entry[name], least, most)
    if not isinstance(entry.get("overdue_stops_loans", True), bool):
        yield DocumentFault((*at, "overdue_stops_loans"), RuleFaultCode.NOT_YES_OR_NO)
    for name, needed, least in (("days", _KINDS, 1), ("extra", frozenset(), 0), ("renewal_days", frozenset(), 1)):
        yield from _table((*at, name), entry.get(name, {}), dict.fromkeys(sorted(_KINDS), (least, _LONGEST_DAYS)), needed)
    overdue = {"longest_days": (0, _LONGEST_SUSPENSION), "rate": (0, _MOST)}
    yield from _table((*at, "overdue"), entry.get("overdue", {}), overdue, frozenset(overdue), yes_or_no="closed_days_count")
    holds = {field.name: (1 if field.name in {"keep_open_days", "window_days"} else 0, _LONGEST_SUSPENSION) for field in fields(HoldRules)}
    yield from _table((*at, "holds"), entry.get("holds", {}), holds, frozenset(holds))


def _table(
    at: Path, entry: object, numbers: Mapping[str, tuple[int, int]], needed: frozenset[str], *, yes_or_no: str = ""
) -> Iterator[DocumentFault]:
    if not isinstance(entry, Mapping):
        yield DocumentFault(at, RuleFaultCode.NOT_A_TABLE)
        return
    yield from _names(at, entry, needed=set(needed), may={*numbers, yes_or_no} - {""})
    for name, (least, most) in numbers.items():
        if name in entry:
            yield from _number((*at, name), entry[name], least, most)
    if yes_or_no in entry and not isinstance(entry[yes_or_no], bool):
        yield DocumentFault((*at, yes_or_no), RuleFaultCode.NOT_YES_OR_NO)


def _names(at: Path, entry: Mapping[str, object], *, needed: set[str], may: set[str] | None = None) -> Iterator[DocumentFault]:
    for name in sorted(needed - entry.keys()):
        yield DocumentFault((*at, name), RuleFaultCode.MISSING)
    for name in sorted(entry.keys() - needed - (may or set())):
        yield DocumentFault((*at, name), RuleFaultCode.UNKNOWN)


def _number(at: Path, value: object, least: int, most: int) -> Iterator[DocumentFault]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield DocumentFault(at, RuleFaultCode.NOT_A_NUMBER)
    elif not least <= value <= most:
        yield DocumentFault(at, RuleFaultCode.OUT_OF_RANGE, least, most)
