"""Some time after a return nobody can tell any more who had what: not in the tables, not in the files."""

import hashlib
from contextlib import closing
from functools import partial
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
import zstandard
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from circulation.wire import FactStatus, KeyReused, SignedManifest, SnapshotManifest
from registry.cases.decisions import Decision
from registry.cases.store_decisions import settle
from registry.database import Database
from registry.exchange.store_retention import StillBeingReadError
from registry.tables import metadata
from tests.integration.registry.city import City, Kiosk, a_checkout, a_renewal, a_return
from tests.integration.registry.homes import Homes, SqliteHomes

LINKS = """
    SELECT (SELECT count(*) FROM loan WHERE patron IS NOT NULL),
           (SELECT count(*) FROM fact WHERE length(body) > 0 OR loan IS NOT NULL),
           (SELECT count(*) FROM flagged_fact WHERE loan IS NOT NULL OR patron IS NOT NULL OR item IS NOT NULL OR other_loan IS NOT NULL)
"""


def borrowed_and_returned(city: City, kiosk: Kiosk, *, patron: UUID | None = None, book: int = 0) -> UUID:
    fact = a_checkout(patron or city.ming, city.books[book])
    kiosk.push(
        kiosk.seq + 1,
        kiosk.envelope(fact),
        kiosk.envelope(a_renewal(fact.loan, fact.patron)),
        kiosk.envelope(a_return(loan=fact.loan, item=fact.item)),
    )
    return fact.loan


def mentions(city: City, patron: UUID) -> set[str]:
    """The tables and columns, but for the patron's own, whose rows hold a patron's key in whatever form."""
    forms = (patron.bytes, str(patron).encode(), patron.hex.encode())
    own = {"patron", "card", "consent", "contact", "pupil", "pin", "pin_code"}
    found: set[str] = set()
    with city.registry.database.reading() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)) if table.name not in own else ():
                found |= {f"{table.name}.{name}" for name, value in row._mapping.items() if _holds(value, forms)}
    return found


def _holds(value: object, forms: tuple[bytes, ...]) -> bool:
    match value:
        case UUID():
            return value.bytes in forms
        case bytes():
            return any(form in value for form in forms)
        case None:
            return False
        case _:
            return any(form in str(value).encode() for form in forms[1:])


def test_after_the_dispute_window_no_row_holds_who_had_what(city: City, kiosk: Kiosk) -> None:
    borrowed_and_returned(city, kiosk)
    city.clock.pass_(days=13)
    assert city.registry.retention().once() == 0
    assert mentions(city, city.ming) == {"loan.patron", "fact.body"}
    city.clock.pass_(days=1)
    assert city.registry.retention().once() > 0
    assert mentions(city, city.ming) == set()
    assert city.sql(LINKS) == [(0, 0, 0)]
    assert city.registry.counts()["loan"] == 1
    assert city.registry.retention().once() == 0


def test_an_open_loan_and_one_that_was_returned_lately_keep_their_patrons(city: City, kiosk: Kiosk) -> None:
    borrowed_and_returned(city, kiosk)
    open_loan = a_checkout(city.ming, city.books[1])
    kiosk.push(4, kiosk.envelope(open_loan))
    city.clock.pass_(days=10)
    late = borrowed_and_returned(city, kiosk, book=2)
    city.clock.pass_(days=5)
    city.registry.retention().once()
    assert {row[0] for row in city.sql("SELECT id FROM loan WHERE patron IS NOT NULL")} == {open_loan.loan.bytes, late.bytes}
    kept = city.sql("SELECT count(*) FROM fact WHERE length(body) > 0")
    assert kept == [(4,)]


def test_a_retry_after_the_cut_gets_its_first_result_and_another_body_is_still_told_apart(city: City, kiosk: Kiosk) -> None:
    fact = a_checkout(city.ming, city.books[0])
    bodies = [kiosk.envelope(fact), kiosk.envelope(a_return(loan=fact.loan, item=fact.item))]
    first = kiosk.push(1, *bodies)
    city.clock.pass_(days=14)
    city.registry.retention().once()
    assert kiosk.push(1, *bodies) == first
    assert city.sql("SELECT digest FROM fact ORDER BY seq") == [(hashlib.sha256(body).digest(),) for body in bodies]
    kiosk.seq = 0
    answer = kiosk.push_raw(1, kiosk.envelope(a_checkout(city.hua, city.books[0])))
    assert answer.status_code == 422
    assert msgspec.json.decode(answer.content, type=KeyReused).seq == 1


def test_what_staff_have_not_settled_stays_until_they_have_and_the_window_has_passed_again(city: City, kiosk: Kiosk) -> None:
    """Both loans of the conflict are needed to settle it."""
    first, second = a_checkout(city.ming, city.books[0]), a_checkout(city.hua, city.books[0])
    key = kiosk.push(1, kiosk.envelope(first), kiosk.envelope(second))[1]
    assert key.status is FactStatus.FLAGGED
    kiosk.push(3, kiosk.envelope(a_return(loan=first.loan, item=first.item)))
    city.clock.pass_(days=100)
    assert city.registry.retention().once() == 0
    assert city.sql(LINKS) == [(2, 3, 2)]
    settle_all(city)
    assert city.registry.retention().once() == 0
    city.clock.pass_(days=14)
    city.registry.retention().once()
    assert city.sql(LINKS) == [(0, 0, 0)]
    assert mentions(city, city.ming) == mentions(city, city.hua) == set()
    assert city.sql("SELECT count(*), count(settled_at) FROM staff_case") == [(2, 2)]


def settle_all(city: City) -> None:
    """Every case is decided. The trail, which names whom a case was about and not what they had, is left out."""
    for (key,) in city.sql("SELECT id FROM staff_case WHERE settled_at IS NULL"):
        note = partial(settle, key=UUID(bytes=key), decision=Decision.LET_STAND, at=city.clock(), by="lin", because="seen")
        city.registry.database.write(note)


def test_facts_about_loans_that_were_never_on_record_are_cut_once_they_are_settled(city: City, kiosk: Kiosk) -> None:
    kiosk.push(
        1,
        kiosk.envelope(a_checkout(city.ming, uuid7())),
        kiosk.envelope(a_renewal(uuid7(), city.ming)),
    )
    city.clock.pass_(days=100)
    assert city.registry.retention().once() == 0
    settle_all(city)
    city.clock.pass_(days=14)
    city.registry.retention().once()
    assert city.sql(LINKS) == [(0, 0, 0)]


def test_a_fact_that_comes_after_the_cut_is_cut_in_its_turn(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    """A kiosk that was offline for weeks still names the loan."""
    loan = borrowed_and_returned(city, kiosk)
    city.clock.pass_(days=14)
    city.registry.retention().once()
    (result,) = other_kiosk.push(1, other_kiosk.envelope(a_renewal(loan, city.ming)))
    assert result.status is FactStatus.FLAGGED
    (again,) = other_kiosk.push(2, other_kiosk.envelope(a_return(loan=loan, item=city.books[0])))
    assert again.status is FactStatus.ACCEPTED
    settle_all(city)
    city.clock.pass_(days=14)
    city.registry.retention().once()
    assert city.sql(LINKS) == [(0, 0, 0)]
    assert mentions(city, city.ming) == set()


def test_bytes_that_nobody_could_read_are_kept_for_a_while_and_then_cut(city: City, kiosk: Kiosk) -> None:
    fact = a_checkout(city.ming, city.books[0])
    kiosk.push(1, kiosk.envelope(fact), kiosk.envelope(fact), msgspec.json.encode({"patron": city.ming}))
    assert mentions(city, city.ming) == {"loan.patron", "fact.body"}
    kiosk.seq = 3
    kiosk.push(4, kiosk.envelope(a_return(loan=fact.loan, item=fact.item)))
    city.clock.pass_(days=89)
    city.registry.retention().once()
    assert mentions(city, city.ming) == {"fact.body"}
    city.clock.pass_(days=1)
    assert city.registry.retention().once() == 2
    assert mentions(city, city.ming) == set()


def test_it_is_done_in_portions_and_facts_come_in_between(city: City, kiosk: Kiosk) -> None:
    for _ in range(5):
        borrowed_and_returned(city, kiosk)
    city.clock.pass_(days=14)
    seen: list[int] = []
    retention = city.registry.retention()
    real = city.registry.database.write

    def counting(act):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202 - it passes on whatever it is given
        found = real(act)
        seen.append(city.sql("SELECT count(*) FROM loan WHERE patron IS NOT NULL")[0][0])
        return found

    city.registry.database.write = counting  # type: ignore[method-assign]  # a look between two portions
    retention.once(portion=2)
    assert seen[:3] == [3, 1, 0]


def test_a_service_that_stops_gives_up_after_the_portion_under_way(city: City, kiosk: Kiosk) -> None:
    for _ in range(3):
        borrowed_and_returned(city, kiosk)
    city.clock.pass_(days=14)
    retention = city.registry.retention()
    retention.stop()
    assert retention.once() == 0
    assert city.sql("SELECT count(*) FROM loan WHERE patron IS NOT NULL") == [(3,)]
    assert city.registry.retention().once() > 0


def test_snapshots_that_still_hold_the_loan_are_removed(city: City, kiosk: Kiosk) -> None:
    fact = a_checkout(city.ming, city.books[0])
    kiosk.push(1, kiosk.envelope(fact))
    old = kiosk.request("GET", "/v1/snapshots/latest")
    folder = city.registry.folder / "snapshots"
    (packed,) = folder.iterdir()
    assert fact.loan.bytes + city.ming.bytes in _plain(packed)
    orphan = folder / "C01-00000099-00ff.zst"
    orphan.write_bytes(b"left by a crash")
    foreign = [folder / "backup.zst", folder / "C01-old-00ff.zst"]
    for file in foreign:
        file.write_bytes(b"laid there by hand")
    kiosk.push(2, kiosk.envelope(a_return(loan=fact.loan, item=fact.item)))
    city.clock.pass_(days=14)
    city.registry.retention().once()
    assert sorted(folder.iterdir()) == sorted(foreign)
    name = msgspec.json.decode(msgspec.json.decode(old.content, type=SignedManifest).manifest, type=SnapshotManifest).name
    assert kiosk.request("GET", f"/v1/snapshots/{name}").status_code == 404
    assert kiosk.request("GET", "/v1/snapshots/latest").status_code == 200
    (fresh,) = set(folder.iterdir()) - set(foreign)
    assert fact.loan.bytes not in _plain(fresh)


def _plain(packed: Path) -> bytes:
    return zstandard.ZstdDecompressor().decompress(packed.read_bytes())


@pytest.mark.parametrize("homes", ["sqlite"], indirect=True)
class TestTheFiles:
    """A database file holds more than its rows: what was deleted, copies in pages that were split, the journal."""

    @pytest.fixture
    def busy(self, city: City, kiosk: Kiosk) -> list[tuple[UUID, UUID, UUID]]:
        """Many loans that ended, in an order that splits pages: loan, patron, item."""
        made: list[tuple[UUID, UUID, UUID]] = []
        for n in range(6):
            facts = [a_checkout((city.ming, city.hua)[i % 2], city.books[(n + i) % 4], loan=uuid7()) for i in range(40)]
            kiosk.push(kiosk.seq + 1, *(kiosk.envelope(fact) for fact in reversed(facts)))
            kiosk.push(kiosk.seq + 1, *(kiosk.envelope(a_return(item=book)) for book in city.books))
            made += [(fact.loan, fact.patron, fact.item) for fact in facts]
        settle_all(city)
        return made

    def test_no_file_holds_the_keys_beside_each_other(self, city: City, homes: Homes, busy: list[tuple[UUID, UUID, UUID]]) -> None:
        assert isinstance(homes, SqliteHomes)
        checkpoint(city.registry.database)
        before = raw(homes, city)
        assert all(loan.bytes + patron.bytes + item.bytes in before for loan, patron, item in busy)
        assert all(f'"patron":"{patron}","item":"{item}"'.encode() in before for _, patron, item in busy)
        city.clock.pass_(days=14)
        city.registry.retention().once()
        after = raw(homes, city)
        for loan, patron, item in busy:
            assert loan.bytes + patron.bytes not in after
            assert patron.bytes + item.bytes not in after
            assert loan.bytes in after
        for patron in (city.ming, city.hua):
            assert str(patron).encode() not in after
            # Its own row, its card and the two indexes of that: nothing else knows the patron.
            assert after.count(patron.bytes) == places_of_its_own(city, patron)

    def test_without_writing_the_file_anew_and_emptying_the_journal_they_would_be_found(
        self, city: City, homes: Homes, busy: list[tuple[UUID, UUID, UUID]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: the tables say nothing, the files still tell."""
        for step in ("write_anew", "empty_journal"):
            monkeypatch.setattr(f"registry.exchange.store_retention.{step}", lambda _database: None)
        city.clock.pass_(days=14)
        city.registry.retention().once()
        assert mentions(city, city.ming) == set()
        after = raw(homes, city)
        assert any(patron.bytes + item.bytes in after for _, patron, item in busy)

    def test_a_journal_that_somebody_reads_is_emptied_later(self, city: City, kiosk: Kiosk) -> None:
        loan = borrowed_and_returned(city, kiosk)
        city.clock.pass_(days=14)
        retention = city.registry.retention()
        with city.registry.database.reading() as connection:
            connection.execute(select(func.count()).select_from(metadata.tables["loan"])).scalar_one()
            with pytest.raises(StillBeingReadError):
                retention.once()
            file = city.registry.folder / "registry.db"
            before = (file.stat().st_mtime_ns, (city.registry.folder / "registry.db-wal").stat().st_size)
            with pytest.raises(StillBeingReadError):
                retention.once()
            assert (file.stat().st_mtime_ns, (city.registry.folder / "registry.db-wal").stat().st_size) == before
        assert retention.once() == 0
        assert loan.bytes + city.ming.bytes not in (city.registry.folder / "registry.db").read_bytes()
        assert (city.registry.folder / "registry.db-wal").stat().st_size == 0

    def test_a_reader_of_many_hours_does_not_keep_what_is_due_later(self, city: City, kiosk: Kiosk) -> None:
        borrowed_and_returned(city, kiosk)
        city.clock.pass_(hours=1)
        borrowed_and_returned(city, kiosk, book=1)
        city.clock.pass_(days=13, hours=23)
        retention = city.registry.retention()
        with city.registry.database.reading() as connection:
            connection.execute(select(func.count()).select_from(metadata.tables["loan"])).scalar_one()
            left = []
            for hours in (0, 1, 23):
                city.clock.pass_(hours=hours)
                with pytest.raises(StillBeingReadError):
                    retention.once()
                left += city.sql("SELECT count(*) FROM loan WHERE patron IS NOT NULL")
        assert left == [(1,), (1,), (0,)]
        assert retention.once() == 0

    def test_the_database_overwrites_what_it_deletes(self, city: City) -> None:
        assert city.sql("PRAGMA secure_delete") == [(1,)]


def places_of_its_own(city: City, patron: UUID) -> int:
    """How often a file written anew holds the key of a patron who has no loans."""
    (cards,) = city.sql(f"SELECT count(*) FROM card WHERE patron = x'{patron.hex}'")[0]  # noqa: S608 - a key of ours
    # The row and its indexes by national ID and by folded name; each card's row and its index by patron and kind.
    return 3 + 2 * int(cards)


def raw(homes: Homes, city: City) -> bytes:
    return b"".join(file.read_bytes() for file in homes.files_of(city.home))


def checkpoint(database: Database) -> None:
    with closing(database.engine.raw_connection()) as connection:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
