"""The same story as another sender would bring it: rows in another order, files cut elsewhere, in another order, and some twice."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Protocol, TypeVar

from tests.story.events import ContactFile, Event, Happening, LeavingFile, LossFile, ReissueFile, StudentFile


class _Row(Protocol):
    @property
    def number(self) -> str: ...


Row = TypeVar("Row", bound=_Row)
_MOST_PARTS = 2
_TWICE = 0.2


def told_otherwise(happenings: Iterable[Happening], *, seed: int) -> list[Happening]:
    """The happenings with every file told otherwise. What people do at desks, and what comes between two of these, keeps its order.

    Files of pupils, and of contact data, that come one after the other change places, too: each is a word of its school year. Of card
    events the order of the files is part of what is told.
    """
    rng = random.Random(seed)
    told: list[Happening] = []
    for kind, group in groupby(happenings, lambda one: type(one.event)):
        run = list(group)
        parts = [replace(one, event=part) for one in run for part in _in_parts(one.event, rng)]
        if kind in {StudentFile, ContactFile}:
            days = sorted(one.on for one in parts)
            rng.shuffle(parts)
            parts = [replace(one, on=day) for one, day in zip(parts, days, strict=True)]
        told += parts
    return told


def _in_parts(event: Event, rng: random.Random) -> Iterator[Event]:
    match event:
        case StudentFile(rows=students):
            yield from (replace(event, rows=rows) for rows in _cut(students, rng))
        case ContactFile(rows=contacts):
            yield from (replace(event, rows=rows) for rows in _cut(contacts, rng))
        case ReissueFile(rows=reissues):
            yield from (replace(event, rows=rows) for rows in _cut(reissues, rng))
        case LeavingFile(rows=leavings):
            yield from (replace(event, rows=rows) for rows in _cut(leavings, rng))
        case LossFile(rows=losses):
            yield from (replace(event, rows=rows) for rows in _cut(losses, rng))
        case _:
            yield event


def _cut(rows: Sequence[Row], rng: random.Random) -> Iterator[tuple[Row, ...]]:
    """One or two parts, some of them twice. Rows about one person or one card stay together: only in one file do they contradict."""
    together = _together(rows)
    rng.shuffle(together)
    parts = rng.randint(1, _MOST_PARTS)
    for part in range(parts):
        mine = [row for group in together[part::parts] for row in group]
        rng.shuffle(mine)
        if mine:
            yield tuple(mine)
        if mine and rng.random() < _TWICE:
            yield tuple(mine)


def _together(rows: Sequence[Row]) -> list[list[Row]]:
    group_of: dict[str, list[Row]] = {}
    for row in rows:
        keys = [key for key in (row.number, getattr(row, "card", "")) if key]
        found = {id(group): group for key in keys if (group := group_of.get(key)) is not None}
        joined = [row for group in found.values() for row in group] + [row]
        for key in {key for one in joined for key in (one.number, getattr(one, "card", "")) if key}:
            group_of[key] = joined
    return list({id(group): group for group in group_of.values()}.values())
