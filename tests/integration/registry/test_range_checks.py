"""The registry compares ranges of a kiosk's rows with its own (sync rule 11), over real HTTP and on both engines."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
import requests
import zstandard
from sqlalchemy import Connection, create_engine, text

from circulation.cards import CardState
from circulation.ids import PatronId
from circulation.range_checks import MAX_RANGES, RangeAnswer, RangeCheck, RangeDigest
from circulation.wire import MAX_PAGE, SnapshotNeeded, encode
from kiosk.store.replica_ranges import Place, ReplicaRanges
from registry.enrolment.store import PatronRecord
from replica.rows import CardRow, ItemRow
from replica.tables import SCHEMA_VERSION, ReplicaTable
from tests.builders import an_item
from tests.integration.registry.city import City, Kiosk, a_checkout, a_hold, problem_of
from tests.integration.registry.test_snapshots import fetched, manifest_of

NOTHING = "0" * 16


def ask(kiosk: Kiosk, check: RangeCheck) -> requests.Response:
    return kiosk.request("POST", "/v1/range-checks", encode(check))


def compared(kiosk: Kiosk, check: RangeCheck) -> RangeAnswer:
    answer = ask(kiosk, check)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=RangeAnswer)


@pytest.fixture
def rows(city: City, kiosk: Kiosk, tmp_path: Path) -> Iterator[Connection]:
    """The rows of a snapshot, to be changed as a test likes; loans, holds, blocks and a mobile key among them."""
    kiosk.push(1, *(kiosk.envelope(a_checkout(city.ming, book, card=city.key_of(city.ming_card))) for book in city.books[:2]))
    city.registry.add_holds([a_hold(city.hua, title="小王子", pickup="C01")])
    manifest = manifest_of(kiosk)
    path = tmp_path / "replica.db"
    path.write_bytes(zstandard.ZstdDecompressor().decompress(fetched(kiosk, manifest)))
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def check_of(city: City, rows: Connection, *, cursor: int | None = None) -> RangeCheck:
    """All rows in one check."""
    at = rows.execute(text("SELECT cursor FROM state")).scalar_one() if cursor is None else cursor
    portion = ReplicaRanges(rows).portion(Place(), rows=500)
    assert portion.goes_on == Place()
    return RangeCheck(feed=city.feed, cursor=at, schema=SCHEMA_VERSION, ranges=portion.ranges)


def test_the_rows_of_a_snapshot_are_the_registry_s_in_every_table_and_portion(city: City, kiosk: Kiosk, rows: Connection) -> None:
    held = ReplicaRanges(rows)
    place, seen = Place(), list[tuple[str, int]]()
    while not seen or place != Place():
        portion = held.portion(place, rows=3)
        check = msgspec.structs.replace(check_of(city, rows), ranges=portion.ranges)
        assert compared(kiosk, check) == RangeAnswer(server_time=city.clock(), position=check.cursor)
        seen += [(one.table, one.rows) for one in portion.ranges]
        place = portion.goes_on
    assert {table for table, count in seen if count} == set(ReplicaTable) - {"block"}
    assert len(seen) > len(ReplicaTable)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM item WHERE barcode = '30234000000001'",
        "UPDATE item SET title = 'Smudge'",
        "UPDATE item SET id = zeroblob(16) WHERE barcode = '30234000000003'",
    ],
    ids=["missing", "changed", "under another key"],
)
def test_a_range_that_differs_comes_with_all_its_rows(city: City, kiosk: Kiosk, rows: Connection, statement: str) -> None:
    rows.execute(text(statement))
    check = check_of(city, rows)
    answer = compared(kiosk, check)
    (differing,) = answer.differing
    assert check.ranges[differing.range].table == "item"
    told = [msgspec.json.decode(one.row or b"", type=ItemRow) for one in differing.rows]
    assert sorted(one.id for one in told) == sorted(city.books)
    assert {one.branch for one in told} == {"C01"}
    assert [one.key for one in differing.rows] == [str(one.id) for one in told]
    assert answer.unsettled == ()
    assert not answer.snapshot


def test_only_the_rows_between_the_bounds_are_compared_and_told(city: City, kiosk: Kiosk, rows: Connection) -> None:
    first, second, third, _ = sorted(city.books)
    between = RangeDigest(table="item", after=str(first), upto=str(third), rows=0, xor=NOTHING)
    check = msgspec.structs.replace(check_of(city, rows), ranges=(between,))
    (differing,) = compared(kiosk, check).differing
    assert [one.key for one in differing.rows] == [str(second), str(third)]


def test_a_card_is_told_by_its_key_and_never_by_its_number(city: City, kiosk: Kiosk, rows: Connection) -> None:
    rows.execute(text("DELETE FROM card"))
    answer = ask(kiosk, check_of(city, rows))
    assert str(city.ming_card) not in answer.text
    (differing,) = msgspec.json.decode(answer.content, type=RangeAnswer).differing
    keys = {msgspec.json.decode(one.row or b"", type=CardRow).key for one in differing.rows}
    assert keys == {city.key_of(city.ming_card), city.key_of(city.hua_card)}


def test_a_range_that_changed_after_the_cursor_is_left_open_and_no_other(city: City, kiosk: Kiosk, rows: Connection) -> None:
    check = check_of(city, rows)
    city.registry.change_card(city.ming_card, CardState.LOST)
    answer = compared(kiosk, check)
    assert [check.ranges[number].table for number in answer.unsettled] == ["card"]
    assert answer.differing == ()
    assert answer.position == check.cursor + 1


def test_what_changed_for_another_branch_leaves_nothing_open(city: City, kiosk: Kiosk, rows: Connection) -> None:
    check = check_of(city, rows)
    city.registry.add_items([an_item(barcode="far", branch="L12")])
    assert compared(kiosk, check) == RangeAnswer(server_time=city.clock(), position=check.cursor + 1)


def test_a_kiosk_that_is_far_behind_is_told_nothing_yet(city: City, kiosk: Kiosk, rows: Connection) -> None:
    check = check_of(city, rows)
    city.registry.add_items([an_item(barcode=f"N{n}") for n in range(MAX_PAGE)])
    answer = compared(kiosk, check)
    assert answer.unsettled == tuple(range(len(check.ranges)))


def test_more_rows_than_fit_into_an_answer_need_a_snapshot(city: City, kiosk: Kiosk, rows: Connection) -> None:
    people = [PatronRecord(PatronId(uuid4()), "王大明") for _ in range(MAX_PAGE)]
    city.registry.add_patrons(people)
    kiosk.changes(city.feed, 0, 5)
    check = check_of(city, rows, cursor=head_of(city))
    answer = compared(kiosk, check)
    assert answer.snapshot
    assert answer.differing == ()


def head_of(city: City) -> int:
    ((n,),) = city.sql("SELECT n FROM feed_head")
    return int(n)


def test_a_cursor_that_is_none_of_this_feed_is_gone(city: City, kiosk: Kiosk, rows: Connection) -> None:
    check = check_of(city, rows)
    for wrong in (msgspec.structs.replace(check, feed=uuid4()), msgspec.structs.replace(check, cursor=check.cursor + 1)):
        answer = ask(kiosk, wrong)
        assert answer.status_code == 410
        assert msgspec.json.decode(answer.content, type=SnapshotNeeded).problem
    city.clock.pass_(days=91)
    city.registry.add_items([an_item(barcode="new")])
    city.registry.forget_old_changes()
    assert ask(kiosk, check_of(city, rows, cursor=0)).status_code == 410


def test_rows_of_another_schema_are_not_compared(city: City, kiosk: Kiosk, rows: Connection) -> None:
    answer = ask(kiosk, msgspec.structs.replace(check_of(city, rows), schema=SCHEMA_VERSION + 1))
    assert (answer.status_code, problem_of(answer).code, problem_of(answer).place) == (409, "other_schema", "schema")


@pytest.mark.parametrize(
    ("ranges", "place"),
    [
        ([{"table": "fine", "rows": 0, "xor": NOTHING}], "ranges[0]"),
        ([{"table": "item", "after": "nobody", "rows": 0, "xor": NOTHING}], "ranges[0]"),
        ([{"table": "branch", "after": "C01", "rows": 0, "xor": NOTHING}], "ranges[0]"),
        ([{"table": "item", "rows": -1, "xor": NOTHING}], "ranges[0].rows"),
        ([{"table": "item", "rows": 10**9, "xor": NOTHING}], "ranges[0].rows"),
        ([{"table": "item", "rows": 0, "xor": "'; DROP TABLE item"}], "ranges[0].xor"),
        ([], "ranges"),
        ([{"table": "item", "rows": 0, "xor": NOTHING}] * (MAX_RANGES + 1), "ranges"),
    ],
)
def test_a_malformed_range_is_named_with_its_place(city: City, kiosk: Kiosk, ranges: list[dict[str, object]], place: str) -> None:
    body = msgspec.json.encode({"v": 1, "feed": str(city.feed), "cursor": 0, "schema": SCHEMA_VERSION, "ranges": ranges})
    answer = kiosk.request("POST", "/v1/range-checks", body)
    assert (answer.status_code, problem_of(answer).place) == (400, place)


def test_a_kiosk_that_asks_without_end_is_told_to_wait(city: City, kiosk: Kiosk, rows: Connection) -> None:
    check = msgspec.structs.replace(check_of(city, rows), ranges=check_of(city, rows).ranges[:1])
    answers = [ask(kiosk, check) for _ in range(61)]
    assert {one.status_code for one in answers[:60]} == {200}
    assert (answers[60].status_code, problem_of(answers[60]).code) == (429, "too_many")
    assert int(answers[60].headers["Retry-After"]) > 0


def test_a_stranger_is_told_nothing(city: City, url: str) -> None:
    answer = requests.post(f"{url}/v1/range-checks", data=b"{}", timeout=30)
    assert answer.status_code == 401


def test_each_branch_is_compared_with_its_own_rows(city: City, other_kiosk: Kiosk, rows: Connection) -> None:
    check = check_of(city, rows)
    differing = {check.ranges[one.range].table for one in compared(other_kiosk, check).differing}
    assert differing == {"calendar", "item", "patron"}
