"""R15: whatever the order in which words come, however often and in how many parts, they end in the same state."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from circulation.cards import CardUid
from registry.rosters.rows import BureauRow, ContactRow, LeavingRow, LossRow, ReissueRow, RosterRow
from tests.unit.registry.rosters.model import Model

IDS = ("A123456789", "W234567893", "F131234569")
YEARS = (113, 114, 115)
Feed = tuple[int, list[RosterRow]]
"""A school year, and the rows of one kind that came together."""


@dataclass(frozen=True)
class Life:
    """What happened to one pupil, as the Bureau and the school know it."""

    who: int
    first: int
    events: tuple[str, ...]
    schools: tuple[int, int, int]
    contacts: tuple[bool, bool, bool]

    def words(self) -> list[tuple[int, RosterRow]]:
        """Everything that was written down of it, each with its school year, in the order in which it happened."""
        found: list[tuple[int, RosterRow]] = []
        national_id, born = IDS[self.who], date(2014, 5, self.who + 1)
        for place, year in enumerate(YEARS):
            if year < self.first:
                continue
            school = f"40000{self.schools[place]}"
            name, begins = f"生{self.who}", year + 1911
            phone = f"02-{school}" if self.schools[place] != 2 else None
            found.append((year, BureauRow(1, name, national_id, born, self._card(place, 0), f"路{place}號", phone, school, None)))
            if self.contacts[place]:
                found.append((year, ContactRow(1, name, national_id, born, f"通訊{place}", None, "0912345678", None, None)))
            found += [(year, row) for row in self._events(place, begins)]
        return found

    def _events(self, place: int, begins: int) -> list[RosterRow]:
        national_id, born = IDS[self.who], date(2014, 5, self.who + 1)
        made: dict[str, RosterRow] = {
            "loss": LossRow(1, national_id, born, date(begins, 9, 20)),
            "reissue": ReissueRow(1, national_id, born, self._card(place, 1), date(begins, 10, 1)),
            "reissue again": ReissueRow(1, national_id, born, self._card(place, 2), date(begins, 11, 1)),
            "loss again": LossRow(1, national_id, born, date(begins, 12, 1)),
            "return": LeavingRow(1, national_id, born, handed_in=True, left_on=date(begins + 1, 6, 20)),
        }
        return [row for name, row in made.items() if f"{name} {place}" in self.events]

    def _card(self, place: int, number: int) -> CardUid:
        return CardUid(bytes([0x04, self.who + 1, place + 1, number + 1]))


NAMES = [f"{name} {place}" for place in range(3) for name in ("loss", "reissue", "reissue again", "loss again", "return")]


def lives(*, with_events: bool) -> st.SearchStrategy[list[Life]]:
    one = st.builds(
        Life,
        st.just(0),
        st.sampled_from(YEARS),
        st.lists(st.sampled_from(NAMES), max_size=6).map(tuple) if with_events else st.just(()),
        st.tuples(*[st.integers(1, 3)] * 3),
        st.tuples(*[st.booleans()] * 3),
    )
    return st.lists(one, min_size=1, max_size=3).map(lambda found: [_as(life, who) for who, life in enumerate(found)])


def _as(life: Life, who: int) -> Life:
    return Life(who, life.first, life.events, life.schools, life.contacts)


def numbered(rows: list[RosterRow]) -> list[RosterRow]:
    import msgspec  # noqa: PLC0415 - a helper of this law only

    return [msgspec.structs.replace(row, number=number) for number, row in enumerate(rows, start=2)]


def in_parts(words: list[tuple[int, RosterRow]], data: st.DataObject) -> list[Feed]:
    """The words as files of one kind and year each, cut and ordered in any way."""
    kinds: dict[tuple[int, type[Any]], list[RosterRow]] = {}
    for year, row in words:
        kinds.setdefault((year, type(row)), []).append(row)
    files: list[Feed] = []
    for (year, _), rows in kinds.items():
        shuffled = data.draw(st.permutations(rows))
        cut = data.draw(st.integers(0, len(shuffled)))
        files += [(year, numbered(list(part))) for part in (shuffled[:cut], shuffled[cut:]) if part]
    return data.draw(st.permutations(files))


def told_in_order(words: list[tuple[int, RosterRow]]) -> Model:
    model = Model()
    for year, row in words:
        model.take(numbered([row]), year)
    return model


@given(lives(with_events=False), st.data())
@settings(max_examples=150, deadline=None)
def test_r15_and_r4_pupils_and_contact_data_of_three_years_in_any_order_and_parts_end_in_the_same_state(
    pupils: list[Life], data: st.DataObject
) -> None:
    words = [word for life in pupils for word in life.words()]
    model = Model()
    for year, rows in in_parts(words, data):
        model.take(rows, year)
    assert model.state() == told_in_order(words).state()


@given(lives(with_events=True), st.data())
@settings(max_examples=200, deadline=None)
def test_r15_card_events_in_any_order_end_in_the_same_state_once_all_was_told_again(pupils: list[Life], data: st.DataObject) -> None:
    """Of a pupil whom the registry does not know yet nothing is kept (Q6-3b), so what came too early must come again."""
    words = [word for life in pupils for word in life.words()]
    model = Model()
    for year, rows in in_parts(words, data):
        model.take(rows, year)
    for year, row in words:
        model.take(numbered([row]), year)
    assert model.state() == told_in_order(words).state()


@given(lives(with_events=True), st.data())
@settings(max_examples=100, deadline=None)
def test_r15_what_was_told_in_order_may_be_told_again_in_any_order_and_nothing_changes(pupils: list[Life], data: st.DataObject) -> None:
    words = [word for life in pupils for word in life.words()]
    model = told_in_order(words)
    before = model.state()
    for year, rows in in_parts(words, data):
        model.take(rows, year)
    assert model.state() == before
