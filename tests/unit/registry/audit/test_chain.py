"""The chain of the audit trail as values: whole, and broken in every way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.chain import BEGINNING, Break, Broken, Entry, Mark, Said, digest_of, hash_after, walk

KEY, OTHER = b"k" * 32, b"o" * 32
AT = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)
MING, HUA = UUID(int=1), UUID(int=2)

names = st.text(max_size=6)
patrons = st.lists(st.uuids(), max_size=3, unique=True)
said = st.builds(
    Said,
    at=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    actor=names,
    action=names,
    outcome=names,
    detail=st.dictionaries(names, names | st.integers(-(2**53), 2**53), max_size=3),
    patrons=patrons.map(tuple),
)


def chained(*entries: Said, plain_to: int = 0) -> list[Entry]:
    before, made = BEGINNING, []
    for seq, one in enumerate(entries, start=1):
        digest = digest_of(one)
        before = hash_after(before, seq, digest, key=b"" if seq <= plain_to else KEY)
        made.append(Entry(seq, one, digest, before))
    return made


def an_entry(n: int) -> Said:
    return Said(AT + timedelta(seconds=n), "lin", "card bound", "done", {"n": n}, (MING,))


def mark_of(entries: list[Entry], *, plain_to: int = 0) -> Mark:
    return Mark(entries[-1].seq, entries[-1].hash, plain_to) if entries else Mark(0, BEGINNING, plain_to)


def found(entries: list[Entry], head: Mark, *signed: Mark, start: Mark | None = None) -> Broken | None:
    return walk(entries, start or Mark(0, BEGINNING, head.plain_to), head, signed, key=KEY).broken


FIVE = chained(*map(an_entry, range(5)))
HEAD = mark_of(FIVE)


@given(st.lists(said, max_size=8), st.integers(0, 8))
def test_a_chain_that_nobody_touched_is_whole_whatever_it_says(entries: list[Said], plain_to: int) -> None:
    made = chained(*entries, plain_to=min(plain_to, len(entries)))
    head = mark_of(made, plain_to=min(plain_to, len(entries)))
    verdict = walk(made, Mark(0, BEGINNING, head.plain_to), head, [head], key=KEY)
    assert (verdict.broken, verdict.entries, verdict.last) == (None, len(entries), len(entries))


@given(said, said)
def test_entries_that_say_different_things_have_different_digests(one: Said, other: Said) -> None:
    same = replace(one, patrons=frozenset(one.patrons)) == replace(other, patrons=frozenset(other.patrons))
    assert (digest_of(one) == digest_of(other)) == same


def test_the_order_of_codes_and_patrons_says_nothing() -> None:
    one = Said(AT, "a", "b", "c", {"x": 1, "y": "2"}, (MING, HUA))
    assert digest_of(one) == digest_of(replace(one, detail={"y": "2", "x": 1}, patrons=(HUA, MING)))


@given(st.integers(0, 4), st.sampled_from(["at", "actor", "action", "outcome", "detail", "patrons"]), st.data())
def test_an_entry_that_says_something_else_is_named(place: int, column: str, data: st.DataObject) -> None:
    others = {
        "at": st.datetimes(timezones=st.just(UTC), min_value=datetime(2020, 1, 1)),  # noqa: DTZ001 - hypothesis adds the zone
        "detail": st.dictionaries(names, names | st.integers(-9, 9), max_size=2),
        "patrons": patrons.map(tuple),
    }
    other = data.draw(others.get(column, names).filter(lambda value: value != getattr(an_entry(place), column)))
    changes: dict[str, Any] = {column: other}
    forged = [*FIVE]
    forged[place] = replace(FIVE[place], said=replace(an_entry(place), **changes))
    assert found(forged, HEAD, HEAD) == Broken(Break.CHANGED, place + 1)


@given(st.integers(0, 4), st.binary(min_size=32, max_size=32))
def test_an_entry_whose_seal_was_changed_is_named(place: int, other: bytes) -> None:
    forged = [*FIVE]
    forged[place] = replace(FIVE[place], hash=other)
    assert found(forged, HEAD, HEAD) == Broken(Break.UNLINKED, place + 1)


@given(st.integers(0, 3))
def test_an_entry_that_was_taken_out_is_named(place: int) -> None:
    assert found([one for one in FIVE if one.seq != place + 1], HEAD) == Broken(Break.MISSING, place + 1)


@given(st.integers(0, 4))
def test_an_entry_that_was_put_in_is_named_even_when_the_others_were_numbered_anew(place: int) -> None:
    """Whoever has no key can make its digest, and not its hash."""
    new = Entry(0, an_entry(99), digest_of(an_entry(99)), bytes(32))
    forged = [replace(one, seq=seq) for seq, one in enumerate([*FIVE[:place], new, *FIVE[place:]], start=1)]
    head = replace(HEAD, seq=6)
    assert found(forged, head) == Broken(Break.UNLINKED, place + 1)
    assert found([*FIVE, replace(new, seq=6)], HEAD) == Broken(Break.ADDED, 6)


@given(st.permutations(range(5)))
def test_entries_in_another_order_are_noticed(order: list[int]) -> None:
    forged = [replace(FIVE[place], seq=seq) for seq, place in enumerate(order, start=1)]
    first = next((seq for seq, place in enumerate(order, start=1) if seq != place + 1), None)
    assert found(forged, HEAD) == (None if first is None else Broken(Break.UNLINKED, first))


@given(st.integers(0, 4))
def test_a_trail_that_was_cut_off_at_its_end_is_noticed_by_its_head_or_by_what_was_signed(kept: int) -> None:
    rest = FIVE[:kept]
    assert found(rest, HEAD) == Broken(Break.CUT_OFF, kept + 1)
    assert found(rest, mark_of(rest), HEAD) == Broken(Break.CUT_OFF, kept + 1)


def test_a_trail_made_anew_without_the_key_meets_neither_the_key_nor_what_was_signed() -> None:
    anew = chained(*(an_entry(n + 10) for n in range(5)), plain_to=5)
    assert found(anew, mark_of(anew)) == Broken(Break.UNLINKED, 1)
    assert found(anew, mark_of(anew, plain_to=5), HEAD) == Broken(Break.REWRITTEN, 5)


def test_what_is_older_than_the_chain_is_sealed_by_what_follows() -> None:
    old = chained(*map(an_entry, range(5)), plain_to=3)
    head = mark_of(old, plain_to=3)
    assert found(old, head, head) is None
    other = chained(an_entry(7), *map(an_entry, range(1, 3)), plain_to=3)
    assert found([*other, *old[3:]], head) == Broken(Break.UNLINKED, 4)


def test_a_head_that_was_changed_and_a_mark_that_is_not_passed_are_noticed() -> None:
    assert found(FIVE, replace(HEAD, hash=OTHER)) == Broken(Break.REWRITTEN, 5)
    assert found(FIVE, HEAD, Mark(3, OTHER, 0)) == Broken(Break.REWRITTEN, 3)
    assert found(FIVE, HEAD, Mark(0, OTHER, 0)) == Broken(Break.REWRITTEN, 0)


@pytest.mark.parametrize("cut", range(1, 5))
def test_what_is_left_of_a_cut_trail_verifies_from_the_stub_and_from_nothing_else(cut: int) -> None:
    stub = Mark(cut, FIVE[cut - 1].hash, 0)
    assert found(FIVE[cut:], HEAD, stub, HEAD, start=stub) is None
    assert found(FIVE[cut:], HEAD) == Broken(Break.MISSING, 1)
    assert found(FIVE[cut - 1 :], HEAD, start=stub) == Broken(Break.ADDED, cut)
    assert found(FIVE[cut:], HEAD, start=replace(stub, hash=OTHER)) == Broken(Break.UNLINKED, cut + 1)
