"""A branch's list: one line an item, what is strange first."""

from datetime import timedelta
from uuid import UUID, uuid4

from registry.holds.worklist import Chore, WorkLine, arranged
from tests.unit.registry.settling import NOW


def a_line(kind: Chore, *, item: UUID | None = None, hours: int | None = 0) -> WorkLine:
    return WorkLine(kind, item or uuid4(), "A", "大樹", since=None if hours is None else NOW - timedelta(hours=hours))


def test_the_strange_comes_before_the_plain_and_of_one_kind_the_oldest_first() -> None:
    fetch, young, old, strange = (
        a_line(Chore.FETCH, hours=None),
        a_line(Chore.SCAN),
        a_line(Chore.SCAN, hours=5),
        a_line(Chore.NEVER_ARRIVED),
    )
    assert arranged([fetch, young, old, strange]) == [strange, old, young, fetch]


def test_an_item_that_may_be_on_any_shelf_is_not_asked_for_twice() -> None:
    item = uuid4()
    look, scan = a_line(Chore.LOOK_ON_SHELF, item=item), a_line(Chore.SCAN, item=item)
    assert arranged([scan, look]) == [look]
