"""``youyue registry holds``, as staff and scripts call it: one hold from its place in the queue to the shelf."""

import re

from tests.integration.registry.commands import Run
from tests.integration.registry.holds.counter import House


def key_in(text: str) -> str:
    found = re.search(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text)
    assert found is not None
    return found[0]


def test_a_hold_is_placed_moved_passed_over_trapped_told_and_cancelled(house: House, run: Run) -> None:
    placed = run("holds", "place", "04a32b1c", "--item", "A", "--branch", "L12")
    assert (placed.code, "已預約" in placed.out, "The hold is placed" in placed.out) == (0, True, True)
    key = key_in(placed.out)
    assert run("holds", "suspend", key, "--until", "2099-03-12").code == 0
    assert "passed over through 2099-03-12" in run("holds", "show", "04a32b1c").out
    assert run("holds", "resume", key).code == 0
    assert run("holds", "move", key, "--branch", "C01").code == 0
    assert "A  大樹" in run("holds", "worklist", "C01").out
    trapped = run("holds", "trap", "A", "--branch", "C01", "--shelf", "B7").out
    assert "Onto the hold shelf, place B7" in trapped
    assert re.search(r"by \d{4}-\d\d-\d\d", trapped)
    told = run("holds", "tell", "C01")
    assert ("王○○" in told.out, "大樹" in told.out, "A hold is ready to collect" in told.out) == (True, False, True)
    assert run("holds", "told", key_in(told.out), "--route", "desk").code == 0
    assert "Nobody is to be told" in run("holds", "tell", "C01").out
    assert run("holds", "cancel", key).code == 0
    assert "This patron has no holds" in run("holds", "show", "04a32b1c").out
    assert "take it off the hold shelf" in run("holds", "worklist", "C01").out
    assert "back onto the shelves" in run("holds", "trap", "A", "--branch", "C01").out
    assert "0" in run("holds", "upkeep").out


def test_what_is_refused_is_one_line_with_every_reason(house: House, run: Run) -> None:
    house.place("ming")
    refused = run("holds", "place", "04a32b1c", "--item", "A", "--branch", "X99")
    assert (refused.code, len(refused.err.splitlines())) == (1, 1)
    assert "The patron has a hold on this title already" in refused.err
    assert "write a code such as L12" in refused.err
    for words in (
        ("arrive", "A", "--branch", "C01"),
        ("missing", "B", "--branch", "L12"),
        ("told", key_in(str(house.copies)), "--route", "own"),
    ):
        assert run("holds", *words).code == 1
    assert run("holds", "missing", "B", "--branch", "C01").code == 0
