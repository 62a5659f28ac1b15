"""Batches that wait: sealed, committed from elsewhere, discarded, too old, unlike last year's."""

from contextlib import closing
from datetime import timedelta
from uuid import UUID

import pytest

from circulation.national_ids import with_check_digit
from registry.cases.kinds import CaseKind
from registry.cases.store import waiting
from registry.house import Registry
from registry.keys import KeyFileError
from registry.outside import Outside
from registry.rosters import store_batches
from registry.rosters.batch_keys import BatchKey, KeyUse
from registry.rosters.batch_refusals import BatchRefusal, BatchRefusedError
from registry.rosters.batches import Brought
from registry.rosters.problems import RosterFileError
from registry.rosters.sealing import Seal
from registry.rosters.store_batches import BatchState
from registry.rosters.store_writing import RegistryMovedError
from tests.integration.registry.city import START
from tests.integration.registry.homes import Homes
from tests.integration.registry.rosters.counter import Counter
from tests.unit.registry.rosters.roster_files import HEADINGS, a_contact, a_pupil

LIN = {"name": "林大雙", "national_id": "W234567893", "born": "1030506", "card": "04000002", "address": "臺北市藏匿路9號"}
STAFF, OTHER = "staff:lin", "staff:chen"


def staged(counter: Counter, *pupils: tuple[str, ...]) -> Brought:
    brought = counter.batches.bring(counter.read_bureau(*pupils).arrival, by=STAFF, at_once=False)
    assert brought.batch is not None
    return brought


def key_of(brought: Brought) -> UUID:
    assert brought.batch is not None
    return brought.batch


def refused(counter: Counter, act: str, key: UUID, *, by: str = STAFF) -> BatchRefusal:
    with pytest.raises(BatchRefusedError) as caught:
        getattr(counter.batches, act)(key, by=by)
    return caught.value.code


def test_a_staged_batch_changes_nothing_and_is_committed_by_another_process(counter: Counter) -> None:
    brought = staged(counter, a_pupil(**LIN))
    assert (brought.state, counter.sql("SELECT count(*) FROM patron"), counter.heard()) == (BatchState.STAGED, [(2,)], [])
    city = counter.city
    with closing(Registry.open(city.registry.folder, Outside(city.clock, lambda: UUID(int=99), bytes), database=city.home.url)) as other:
        batch, preview, unusual = other.rosters.batches.show(key_of(brought), by=STAFF)
        assert (batch.state, unusual) == (BatchState.STAGED, [])
    assert preview == brought.preview
    done = counter.batches.commit(key_of(brought), by=OTHER, seen=preview)
    assert {str(outcome): count for outcome, count in done.preview.outcomes.items() if count} == {"created": 1}
    assert counter.sql("SELECT state, actor, closed_by FROM roster_batch") == [("committed", STAFF, OTHER)]
    assert [table for table, _ in counter.heard()] == ["patron", "card"]
    assert refused(counter, "commit", key_of(brought)) is BatchRefusal.NOT_STAGED
    assert refused(counter, "commit", UUID(int=1)) is BatchRefusal.UNKNOWN


@pytest.mark.parametrize(("ends", "state"), [("commit", "committed"), ("discard", "discarded"), ("expire", "expired")])
def test_the_key_of_staged_rows_is_destroyed_and_nothing_reads_them_again(counter: Counter, homes: Homes, ends: str, state: str) -> None:
    """Not even whoever has kept the sealed rows and has the registry's own key."""
    # Of nobody else: a server's log of changes holds what other tests have written.
    name, national_id, address = f"隱藏{ends}", with_check_digit(f"K1{ord(ends[0]):03d}3456"), f"臺北市{ends}藏匿路"
    brought = staged(counter, a_pupil(name=name, national_id=national_id, address=address, born="1030506", card="04000002"))
    seal = Seal.open(counter.city.registry.folder / "keys", random_bytes=bytes)
    with counter.city.registry.database.reading() as connection:
        sealed_key = store_batches.keys_of(connection, key_of(brought)).staged
        pieces = store_batches.staged_rows(connection, key_of(brought))
    assert sealed_key is not None
    key = BatchKey.opened(sealed_key, key_of(brought), KeyUse.STAGED, seal, bytes)
    planted = [name.encode(), national_id.encode(), address.encode()]
    assert [secret for secret in planted if secret not in key.open(*pieces[1])] == []
    before = b"".join(file.read_bytes() for file in homes.files_of(counter.city.home))
    assert [secret for secret in planted if secret in before] == []

    if ends == "expire":
        counter.city.clock.pass_(days=13)
        assert counter.batches.expire() == 0
        counter.city.clock.pass_(days=1, seconds=1)
        assert counter.batches.expire() == 1
    else:
        getattr(counter.batches, ends)(key_of(brought), by=STAFF)
    assert counter.sql("SELECT state, staged_key FROM roster_batch") == [(state, None)]
    assert counter.sql("SELECT count(*) FROM roster_staged") == [(0,)]
    with pytest.raises(KeyFileError):
        BatchKey.opened(pieces[1][1], key_of(brought), KeyUse.STAGED, seal, bytes)
    assert refused(counter, "discard", key_of(brought)) is BatchRefusal.NOT_STAGED


def test_q3_2b_and_r4_a_no_in_a_staged_batch_leaves_its_number_and_ends_the_waiting_at_once(counter: Counter) -> None:
    counter.contacts(a_contact(national_id="A123456789", born="2014-05-06"))
    brought = staged(counter, a_pupil(**LIN), a_pupil(consent="否"), a_pupil(national_id="F131234569", consent="?"))
    assert counter.sql("SELECT count(*) FROM roster_waiting") == [(0,)]
    seal = Seal.open(counter.city.registry.folder / "keys", random_bytes=bytes)
    with counter.city.registry.database.reading() as connection:
        sealed = store_batches.keys_of(connection, key_of(brought)).staged
        assert sealed is not None
        key = BatchKey.opened(sealed, key_of(brought), KeyUse.STAGED, seal, bytes)
        said = b"".join(key.open(*piece) for piece in store_batches.staged_rows(connection, key_of(brought)))
    assert b"W234567893" in said
    assert [other for other in (b"A123456789", b"F131234569") if other in said] == []
    done = counter.batches.commit(key_of(brought), by=STAFF)
    assert {str(outcome): count for outcome, count in done.preview.outcomes.items() if count} == {
        "created": 1,
        "not_consented": 1,
        "refused": 1,
    }


def test_q3_2b_a_staged_batch_without_any_word_of_consent_is_never_committed(counter: Counter) -> None:
    loaded = counter.read_bureau(a_pupil(**LIN)[:-1], headings=HEADINGS[:-1])
    brought = counter.batches.bring(loaded.arrival, by=STAFF, at_once=False)
    with pytest.raises(RosterFileError):
        counter.batches.commit(key_of(brought), by=STAFF)
    assert counter.sql("SELECT count(*) FROM patron") == [(2,)]


def test_what_was_shown_is_what_is_committed(counter: Counter) -> None:
    brought = staged(counter, a_pupil(**LIN))
    counter.bureau(a_pupil(**LIN))
    with pytest.raises(RegistryMovedError):
        counter.batches.commit(key_of(brought), by=STAFF, seen=brought.preview)


def a_school_year(counter: Counter, year: int, *pupils: tuple[str, ...]) -> Brought:
    headings = (*HEADINGS, "學校代碼")
    loaded = counter.read_bureau(*pupils, headings=headings, school_year=year)
    return counter.batches.bring(loaded.arrival, by=STAFF, at_once=True)


def test_a_batch_that_lacks_a_whole_school_waits_for_a_second_person(counter: Counter) -> None:
    ids = ["W234567893", "O200000015", "Z199999990", "A800123450", "F900123457"]
    pupils = [(*a_pupil(name=f"生{n}", national_id=one, card=f"0400000{n}"), "400001") for n, one in enumerate(ids)]
    other = (*a_pupil(name="他校", national_id="AC01234567", card="04000009"), "400002")
    assert a_school_year(counter, 113, *pupils, other).state is BatchState.COMMITTED
    brought = a_school_year(counter, 114, other)
    assert (brought.state, [(one.reason, one.what, one.before) for one in brought.unusual]) == (
        BatchState.STAGED,
        [("school_missing", "400001", 5)],
    )
    with counter.city.registry.database.reading() as connection:
        (case,) = waiting(connection)
    assert (case.kind, case.batch, case.asks, case.known) == (
        CaseKind.BATCH_UNUSUAL,
        brought.batch,
        {"school_missing:400001": "0"},
        {"school_missing:400001": "5"},
    )
    key = key_of(brought)
    assert refused(counter, "commit", key) is BatchRefusal.NEEDS_SECOND_PERSON
    assert refused(counter, "approve", key) is BatchRefusal.SAME_PERSON
    counter.batches.approve(key, by=OTHER)
    with counter.city.registry.database.reading() as connection:
        assert waiting(connection) == []
    counter.batches.commit(key, by=STAFF)
    assert counter.sql("SELECT state, approved_by FROM roster_batch WHERE school_year = 114") == [("committed", OTHER)]


def test_a_usual_batch_needs_nobodys_word(counter: Counter) -> None:
    assert refused(counter, "approve", key_of(staged(counter, a_pupil(**LIN))), by=OTHER) is BatchRefusal.NOT_UNUSUAL


def test_batches_are_listed_newest_first_and_every_step_is_audited(counter: Counter) -> None:
    first = staged(counter, a_pupil(**LIN))
    counter.city.clock.pass_(minutes=1)
    second = staged(counter, a_pupil(national_id="O200000015", card="04000003"))
    counter.batches.discard(key_of(second), by=OTHER)
    assert [(one.id, one.state) for one in counter.batches.batches()] == [
        (second.batch, BatchState.DISCARDED),
        (first.batch, BatchState.STAGED),
    ]
    assert counter.batches.batches()[1].loaded_at == START
    entries = counter.city.registry.audit(limit=3)
    assert [(entry.action, entry.actor) for entry in entries] == [
        ("roster discarded", OTHER),
        ("roster staged", STAFF),
        ("roster staged", STAFF),
    ]
    assert "林" not in repr(entries)


def test_what_undoing_needs_is_destroyed_after_thirty_days(counter: Counter) -> None:
    counter.bureau(a_pupil(**LIN))
    assert counter.sql("SELECT count(*) FROM roster_effect") == [(1,)]
    counter.city.clock.at += timedelta(days=30, seconds=1)
    assert counter.batches.expire() == 1
    assert counter.sql("SELECT count(*) FROM roster_effect") == [(0,)]
    assert counter.sql("SELECT undo_key FROM roster_batch") == [(None,)]
