"""The chain of revisions, up and down."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import inspect
from uuid_utils.compat import uuid7

from circulation.facts import CardReportedLost, CheckoutUndone, Fact
from registry.cases.acts import CaseOrder
from registry.cases.decisions import Decision
from registry.cases.store_decisions import Viewer
from registry.database import Database
from registry.tables import metadata
from tests.integration.registry.city import City, Kiosk, a_checkout, a_renewal, a_return
from tests.integration.registry.homes import Homes


@pytest.fixture
def database(homes: Homes, tmp_path: Path) -> Iterator[Database]:
    home = homes.empty(tmp_path / "registry")
    with closing(home.database()) as made:
        yield made
    homes.remove(home)


def tables_of(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def test_the_chain_goes_up_fits_the_code_goes_down_and_up_again(database: Database) -> None:
    assert not database.is_current()
    database.migrate()
    database.check()
    assert tables_of(database) == {*metadata.tables, "alembic_version"}
    assert database.is_current()
    database.downgrade()
    assert tables_of(database) == {"alembic_version"}
    assert not database.is_current()
    database.migrate()
    database.check()


def test_migrating_again_changes_nothing(database: Database) -> None:
    database.migrate()
    database.migrate()
    assert database.is_current()


def test_the_audit_trail_is_there_from_the_first_revision(database: Database) -> None:
    database.migrate()
    assert "audit" in tables_of(database)


def test_a_table_that_the_chain_does_not_make_is_noticed(database: Database) -> None:
    database.migrate()
    with database.unit_of_work() as work:
        work.connection.exec_driver_sql("ALTER TABLE branch DROP COLUMN district")
        work.commit()
    with pytest.raises(Exception, match="district"):
        database.check()


def test_what_an_older_program_wrote_is_kept_and_can_be_forgotten(city: City, kiosk: Kiosk) -> None:
    """Loans and facts from before holds and returns: their digests, and which loan they are about, are found out."""
    fact = a_checkout(city.ming, city.books[0])
    kiosk.push(
        1, kiosk.envelope(fact), b"42", kiosk.envelope(CheckoutUndone(loan=fact.loan)), kiosk.envelope(a_checkout(city.hua, uuid7()))
    )
    queries = (
        "SELECT seq, digest, loan, body FROM fact ORDER BY seq",
        "SELECT id, patron, item, due, closed_at, returned_at FROM loan",
        "SELECT fact_key, loan, patron FROM flagged_fact",
    )
    before = [city.sql(query) for query in queries]
    assert [row[1] for row in before[0]] == [hashlib.sha256(row[3]).digest() for row in before[0]]
    city.registry.database.downgrade("0003")
    assert "hold" not in tables_of(city.registry.database)
    city.registry.database.migrate()
    city.registry.database.check()
    assert [city.sql(query) for query in queries] == before


def test_going_back_forgets_the_loans_whose_patron_was_cut(city: City, kiosk: Kiosk) -> None:
    facts = [a_checkout(city.ming, book) for book in city.books[:2]]
    bodies = [*(kiosk.envelope(fact) for fact in facts), kiosk.envelope(CheckoutUndone(loan=facts[0].loan))]
    first = kiosk.push(1, *bodies)
    city.clock.pass_(days=14)
    city.registry.retention().once()
    city.registry.database.downgrade("0003")
    assert city.sql("SELECT id FROM loan") == [(facts[1].loan.bytes,)]
    city.registry.database.migrate()
    city.registry.database.check()
    assert kiosk.push(1, *bodies) == first


@pytest.mark.parametrize("homes", ["sqlite"], indirect=True)
def test_a_table_that_is_made_anew_is_still_clustered_by_its_key(city: City) -> None:
    (made,) = city.sql("SELECT sql FROM sqlite_schema WHERE name = 'loan'")
    assert "WITHOUT ROWID" in str(made[0])


def test_flags_of_an_older_program_become_cases_with_who_settled_them(city: City, kiosk: Kiosk) -> None:
    """Down and up again every case is as it was, but that a decision is told as "looked at"."""
    facts: tuple[Fact, ...] = (
        a_checkout(city.ming, city.books[0]),
        a_checkout(city.hua, city.books[0]),
        a_return(item=city.books[0]),
        a_return(barcode="of another library"),
        a_checkout(city.ming, city.books[1], card=city.key_of(city.hua_card)),
        a_renewal(uuid7(), city.ming),
        CardReportedLost(card=city.key_of(city.ming_card), patron=city.hua),
    )
    kiosk.push(1, *map(kiosk.envelope, facts))
    ((settled,),) = city.sql("SELECT id FROM staff_case WHERE kind = 'lent_twice'")
    city.registry.casework.cases.decide(UUID(bytes=settled), CaseOrder(Decision.LET_STAND, "seen"), Viewer("lin"))
    query = "SELECT id, kind, same, patron, other_patron, branch, opened_at, opened_by, settled_at, decided_by, because FROM staff_case ORDER BY id"
    before, links = city.sql(query), city.sql("SELECT * FROM flagged_fact ORDER BY fact_key")
    assert {row[1] for row in before} == {
        *("lent_twice", "returned_of_several", "returned_unknown", "lent_by_card_in_doubt", "lent_unknown", "loss_in_doubt"),
    }
    city.registry.database.downgrade("0015")
    assert city.sql("SELECT settled_by, settled_because FROM flagged_fact WHERE settled_at IS NOT NULL") == [("lin", "seen")]
    assert city.sql("SELECT count(*) FROM staff_case") == [(0,)]
    city.registry.database.migrate()
    city.registry.database.check()
    assert (city.sql(query), city.sql("SELECT * FROM flagged_fact ORDER BY fact_key")) == (before, links)
    assert city.sql("SELECT decision FROM staff_case WHERE settled_at IS NOT NULL") == [("looked_at",)]
