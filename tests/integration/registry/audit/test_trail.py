"""The audit trail on both databases: chained as it is written, walked whole, and every way to tamper with it found."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, update
from uuid_utils.compat import uuid7

from registry.audit import store_chain
from registry.audit.chain import Break, Broken, Mark
from registry.audit.checkpoints import CheckpointFileError
from registry.audit.store import MOST_PATRONS, AuditEntry, append, latest
from registry.audit.tables import audit, audit_subject
from registry.audit.trail import KEPT_OUTSIDE, TrailBrokenError, read_checkpoint
from registry.house import Registry
from registry.outside import Outside
from registry.settings import RegistrySettings
from tests.integration.registry.city import City

USUAL = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def write(city: City, count: int = 6) -> None:
    for n in range(count):
        with city.registry.database.unit_of_work() as work:
            append(work.connection, AuditEntry(city.clock(), "lin", "card bound", "done", {"n": n, "patron": str(city.ming)}))
            work.commit()
        city.clock.pass_(seconds=1)


OUT = "DELETE FROM audit WHERE seq {s}; DELETE FROM audit_subject WHERE seq {s}"
HEAD_BACK = "UPDATE audit_head SET seq = {s}, hash = (SELECT hash FROM audit WHERE seq = {s})"


def cut_end(city: City) -> int:
    """As somebody who knows the tables takes the last entry out, with what the database has signed of it; its number."""
    last = head(city).seq
    tamper(city, *OUT.format(s=f"= {last}").split(";"), "DELETE FROM audit_checkpoint WHERE seq > 1", HEAD_BACK.format(s=last - 1))
    return last


def head(city: City) -> Mark:
    with city.registry.database.reading() as connection:
        return store_chain.head_of(connection)


def tamper(city: City, *statements: str) -> None:
    """As somebody who can write into the database."""
    with city.registry.database.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def broken(city: City) -> Broken | None:
    return city.registry.trail.verify().broken


def test_a_founded_library_has_a_signed_trail_and_every_entry_is_chained_to_the_one_before(city: City) -> None:
    assert (city.home.folder / KEPT_OUTSIDE).stat().st_mode & 0o777 == 0o600
    write(city)
    verdict = city.registry.trail.verify()
    assert (verdict.broken, verdict.last) == (None, head(city).seq)
    assert city.sql("SELECT count(*), min(seq), max(seq) FROM audit") == [(verdict.entries, 1, verdict.entries)]


def test_an_entry_that_was_given_up_leaves_no_hole(city: City) -> None:
    with city.registry.database.unit_of_work() as work:
        append(work.connection, AuditEntry(city.clock(), "lin", "given up", "done"))
    write(city, 2)
    assert broken(city) is None


@pytest.mark.parametrize(
    ("act", "found"),
    [
        ("UPDATE audit SET actor = 'wang' WHERE seq = {s}", Break.CHANGED),
        ("UPDATE audit_subject SET patron = (SELECT id FROM patron WHERE name = '歐陽小華') WHERE seq = {s}", Break.CHANGED),
        ("DELETE FROM audit_subject WHERE seq = {s}", Break.CHANGED),
        ("DELETE FROM audit WHERE seq = {s}; DELETE FROM audit_subject WHERE seq = {s}", Break.MISSING),
        ("DELETE FROM audit WHERE seq = {s}", Break.MISSING),
        (("UPDATE audit SET seq = -1 WHERE seq = {s}; UPDATE audit SET seq = {s} WHERE seq = {s} + 1;"
         "UPDATE audit SET seq = {s} + 1 WHERE seq = -1"), Break.UNLINKED),
        (("UPDATE audit SET seq = seq + 1000 WHERE seq >= {s}; UPDATE audit SET seq = seq - 999 WHERE seq > {s} + 999;"
         "INSERT INTO audit SELECT {s}, at, actor, action, outcome, detail, digest, hash FROM audit WHERE seq = {s} + 2"), Break.UNLINKED),
        ("INSERT INTO audit SELECT 900, at, actor, action, outcome, detail, digest, hash FROM audit WHERE seq = {s}", Break.ADDED),
        ("DELETE FROM audit WHERE seq >= {s}; DELETE FROM audit_subject WHERE seq >= {s}", Break.CUT_OFF),
        (("DELETE FROM audit WHERE seq >= {s}; DELETE FROM audit_subject WHERE seq >= {s};"
         "UPDATE audit_head SET seq = {s} - 1, hash = (SELECT hash FROM audit WHERE seq = {s} - 1)"), Break.CUT_OFF),
        ("UPDATE audit_head SET plain_to = {s} + 2", Break.REWRITTEN),
    ],
)  # fmt: skip
def test_whatever_is_done_to_the_trail_by_hand_is_found(city: City, act: str, found: Break) -> None:
    write(city)
    city.registry.trail.checkpoint()
    first = head(city).seq - 3
    tamper(city, *act.format(s=first).split(";"))
    verdict = broken(city)
    at = {Break.ADDED: 900, Break.REWRITTEN: 0}
    assert verdict is not None
    assert verdict.how is found
    assert verdict.seq == at.get(found, first)


def test_whoever_takes_every_checkpoint_out_of_the_database_meets_the_one_in_the_folder(city: City) -> None:
    write(city)
    city.registry.trail.checkpoint()
    last = cut_end(city)
    tamper(city, "DELETE FROM audit_checkpoint")
    assert broken(city) == Broken(Break.CUT_OFF, last)
    (city.home.folder / KEPT_OUTSIDE).unlink()
    assert broken(city) == Broken(Break.UNSIGNED, 0)


def test_a_checkpoint_that_was_exported_convicts_whoever_signed_a_shorter_trail_since(city: City, tmp_path: Path) -> None:
    write(city)
    file = tmp_path / "head.json"
    file.write_bytes(city.registry.trail.exported(city.registry.trail.checkpoint()))
    exported = read_checkpoint(file)
    (city.home.folder / KEPT_OUTSIDE).unlink()
    last = cut_end(city)
    city.registry.trail.checkpoint()
    assert broken(city) is None
    assert city.registry.trail.verify([exported]).broken == Broken(Break.CUT_OFF, last)


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE audit_checkpoint SET seq = seq + 1",
        "UPDATE audit_checkpoint SET plain_to = plain_to + 1",
        "UPDATE audit_checkpoint SET kind = 'cut'",
    ],
)
def test_a_checkpoint_that_was_changed_is_forged(city: City, act: str) -> None:
    write(city)
    city.registry.trail.checkpoint()
    tamper(city, "DELETE FROM audit_checkpoint WHERE seq < (SELECT max(seq) FROM audit_checkpoint)", act)
    verdict = broken(city)
    assert verdict is not None
    assert verdict.how is Break.FORGED


@USUAL
@given(data=st.data())
def test_any_single_change_of_any_column_of_any_entry_is_found(city: City, data: st.DataObject) -> None:
    if head(city).seq < 5:
        write(city, 5)
    with city.registry.database.reading() as connection:
        seqs = list(connection.execute(select(audit.c.seq)).scalars())
    seq = data.draw(st.sampled_from(seqs))
    column = data.draw(st.sampled_from([one.name for one in audit.columns]))

    def change(connection: Connection) -> None:
        row = connection.execute(select(audit).where(audit.c.seq == seq)).one()
        connection.execute(update(audit).where(audit.c.seq == seq).values({column: another(getattr(row, column), data)}))

    before = broken(city)
    with city.registry.database.engine.connect() as connection, connection.begin() as transaction:
        change(connection)
        verdict = city.registry.trail._verified(connection, ())
        transaction.rollback()
    assert (before, broken(city)) == (None, None)
    assert verdict.broken is not None
    assert verdict.broken.seq <= (seq + 1)


def another(value: object, data: st.DataObject) -> Any:  # noqa: ANN401 - a value of whatever the column holds
    match value:
        case str():
            return data.draw(
                st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8).filter(lambda other: other != value)
            )
        case int():
            return value + data.draw(st.integers(10**3, 10**6) | st.integers(-(10**6), -(10**3)))
        case bytes():
            place = data.draw(st.integers(0, len(value) * 8 - 1))
            changed = bytearray(value)
            changed[place // 8] ^= 1 << place % 8
            return bytes(changed)
        case dict():
            other = {**value, data.draw(st.sampled_from(["n", "patron", "new"])): data.draw(st.integers(100, 999) | st.just("other"))}
            return json.loads(json.dumps(other))
    return value + timedelta(microseconds=data.draw(st.integers(1, 10**9)))  # type: ignore[operator]  # an instant


def test_nothing_new_is_signed_over_a_trail_that_lost_its_end_until_somebody_takes_it_so(city: City) -> None:
    """A backup was brought back, or worse."""
    write(city)
    city.registry.trail.checkpoint()
    cut_end(city)
    city.registry.trail.daily()
    with pytest.raises(TrailBrokenError):
        city.registry.trail.checkpoint()
    write(city, 1)
    with pytest.raises(TrailBrokenError):
        city.registry.trail.checkpoint()
    city.registry.trail.checkpoint(accept="lin")
    assert broken(city) is None
    assert city.registry.audit(limit=1)[0].action == "audit accepted"


def test_what_is_past_its_term_is_cut_from_the_front_and_the_rest_verifies_from_a_signed_stub(city: City) -> None:
    write(city, 4)
    city.clock.pass_(days=100)
    write(city, 3)
    old = head(city).seq - 3
    cut = city.registry.trail.cut_before(city.clock() - timedelta(days=50), by="lin")
    assert cut == old
    assert city.sql("SELECT min(seq) FROM audit") == [(old + 1,)]
    assert city.sql("SELECT min(seq) FROM audit_subject") == [(old + 1,)]
    assert broken(city) is None
    assert city.registry.trail.cut_before(city.clock() - timedelta(days=50), by="lin") == 0
    tamper(city, *OUT.format(s=f"= {old + 1}").split(";"))
    assert broken(city) == Broken(Break.MISSING, old + 1)
    with pytest.raises(TrailBrokenError):
        city.registry.trail.cut_before(city.clock(), by="lin")


def test_a_stub_that_somebody_made_up_is_forged(city: City) -> None:
    write(city, 4)
    city.registry.trail.checkpoint()
    tamper(city, "DELETE FROM audit WHERE seq < 3", "DELETE FROM audit_subject WHERE seq < 3", "DELETE FROM audit_checkpoint WHERE seq < 3",
           "INSERT INTO audit_checkpoint SELECT 'cut', 2, hash, plain_to, at, signature FROM audit_checkpoint")  # fmt: skip
    assert broken(city) == Broken(Break.FORGED, 2)


def test_entries_from_before_the_chain_are_chained_when_the_library_is_brought_up_to_date(city: City) -> None:
    write(city, 3)
    city.registry.database.downgrade("0008")
    city.sql("SELECT count(*) FROM audit")
    tamper(city, "DELETE FROM audit WHERE seq = 2")
    (city.home.folder / KEPT_OUTSIDE).unlink()
    city.registry.database.migrate()
    city.registry.close()
    again = Registry.open(city.home.folder, Outside(city.clock, uuid7, city.registry.outside.random_bytes), database=city.home.url)
    entries = again.audit()
    assert again.trail.verify().broken is None
    again.database.write(lambda work: append(work.connection, AuditEntry(city.clock(), "lin", "new", "done")))
    with again.database.reading() as connection:
        assert store_chain.head_of(connection).seq == len(entries) + 1
    verdict = again.trail.verify()
    with again.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit SET outcome = 'refused' WHERE seq = 1")
    assert (verdict.broken, again.trail.verify().broken) == (None, Broken(Break.CHANGED, 1))
    again.close()


def test_whom_an_entry_is_about_is_found_by_the_patron(city: City) -> None:
    many = sorted(UUID(int=n) for n in range(MOST_PATRONS * 2 + 1))
    entry = AuditEntry(city.clock(), "lin", "patrons shown", "done", {"patron": str(city.ming), "other_patron": "nobody"}, many)
    city.registry.database.write(lambda work: append(work.connection, entry))
    with city.registry.database.reading() as connection:
        parts = latest(connection, limit=3)
        about = set(connection.execute(select(audit_subject.c.patron)).scalars())
    assert [part.detail["part"] for part in parts] == [3, 2, 1]
    assert max(len(part.patrons) for part in parts) == MOST_PATRONS
    assert about >= {*many, city.ming}
    assert broken(city) is None


def test_the_walk_holds_a_page_at_a_time(city: City) -> None:
    write(city, 7)
    with city.registry.database.reading() as connection:
        pages = [list(store_chain.entries(connection, page=size)) for size in (1, 2, 3, 100)]
    assert pages.count(pages[0]) == len(pages)
    assert len(pages[0]) == head(city).seq


class TestTheDaysWork:
    @pytest.fixture
    def settings(self) -> RegistrySettings:
        return RegistrySettings(gather=timedelta(milliseconds=20), look=timedelta(hours=1), upkeep=timedelta(milliseconds=20))

    def test_a_service_signs_the_trail_once_a_day(self, city: City, url: str) -> None:
        looks = (
            (requests.get(f"{url}/health/live", timeout=30), city.sql("SELECT max(seq) FROM audit_checkpoint"))[1] for _ in range(1000)
        )
        write(city, 2)
        (city.home.folder / "kept-up").unlink(missing_ok=True)
        assert next(found for found in looks if found == [(head(city).seq,)])


def test_a_file_that_is_no_checkpoint_is_refused_plainly(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("{}")
    for name in ("x", "missing"):
        with pytest.raises(CheckpointFileError, match=name):
            read_checkpoint(tmp_path / name)
