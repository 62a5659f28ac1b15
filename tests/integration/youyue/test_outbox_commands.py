"""``youyue outbox`` and ``youyue registry outbox import``: from a kiosk's ledger by a stick to the registry, and the answer back."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import msgspec
import pytest

from circulation.facts import CardReportedLost, CheckedIn, CheckedOut, Fact, FactEnvelope
from circulation.wire import FactResult, FactStatus
from kiosk.store.opening import open_ledger
from kiosk.store.set_aside import open_or_begin
from sync.identity import IDENTITY_NAME, write_identity
from tests.integration.registry.city import START, City, Kiosk, a_checkout
from tests.integration.registry.test_outbox_files import identity_of
from tests.integration.youyue.kiosk_folder import a_kiosk_folder
from tests.kiosk_world import REPLICA_KEY, SeededKeys
from youyue.cli import main

Run = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.parametrize("homes", ["sqlite"], indirect=True)


@pytest.fixture
def run(city: City, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(words)
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


@pytest.fixture
def folder(tmp_path: Path, kiosk: Kiosk) -> Path:
    """A kiosk that is enrolled at the registry and has its own ledger."""
    made = a_kiosk_folder(tmp_path / "kiosk").path
    (made / IDENTITY_NAME).unlink()
    write_identity(made, identity_of(kiosk, database_key=REPLICA_KEY))
    return made


def wrote(folder: Path, *facts: Fact) -> UUID:
    """Facts that happened while the network was away; the epoch of the ledger."""
    keys = SeededKeys()
    with closing(open_ledger(folder / "ledger.db", REPLICA_KEY, new_epoch=keys.new_epoch, now=START)) as ledger:
        for fact in facts:
            with ledger.unit_of_work() as work:
                work.append(FactEnvelope(keys.new_key(), work.next_seq(), START, 1, "b", "c", fact))
                work.commit()
        return ledger.device().epoch


def a_day(city: City) -> tuple[CheckedOut, CheckedIn, CardReportedLost]:
    out = a_checkout(city.ming, city.books[0])
    back = CheckedIn(barcode="30234000000000", item=city.books[0], loan=out.loan)
    return out, back, CardReportedLost(card=city.key_of(city.ming_card), patron=city.ming)


def test_from_the_kiosk_by_a_stick_to_the_registry_and_the_answer_by_the_next_push(
    run: Run, city: City, kiosk: Kiosk, folder: Path, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    kiosk.epoch = wrote(folder, *a_day(city))
    code, out, _ = run("outbox", "export", "--folder", str(folder), "--to", str(stick))
    (file,) = stick.iterdir()
    assert (code, f"Written and read back: {file}, 3 facts (1 to 3)" in out) == (0, True)
    code, out, _ = run("registry", "outbox", "import", str(file), "--staff", "lin", "--folder", str(city.home.folder))
    assert (code, "facts 1 to 3: 3 new, 0 were here before" in out) == (0, True)
    assert run("registry", "outbox", "import", str(file), "--folder", str(city.home.folder))[1].count("0 new, 3") == 1
    with closing(open_ledger(folder / "ledger.db", REPLICA_KEY, new_epoch=SeededKeys().new_epoch, now=START)) as ledger:
        results = kiosk.push(1, *ledger.bodies(1, 10))
        ledger.store_results(results, at=START)
    assert [one.status for one in results] == [FactStatus.ACCEPTED] * 3
    assert "Nothing waits to be sent" in run("outbox", "list", "--folder", str(folder))[1]
    assert "Nothing waits to be sent" in run("outbox", "export", "--folder", str(folder), "--to", str(stick))[1]


def test_the_list_and_what_a_fact_is_name_nobody_and_nothing(run: Run, city: City, folder: Path) -> None:
    facts = a_day(city)
    wrote(folder, *facts)
    code, out, _ = run("outbox", "list", "--folder", str(folder))
    assert (code, out.count("waits to be sent"), "It is sent by itself" in out) == (0, 3, True)
    told = out + "".join(run("outbox", "explain", str(seq), "--folder", str(folder))[1] for seq in (1, 2, 3))
    assert "due 2026-04-10" in told
    assert "barcode …0000" in told
    assert "a card was reported lost" in told
    known = {str(city.ming), str(city.books[0]), "30234000000000", city.key_of(city.ming_card).hex(), "小王子", "王"}
    assert not [one for one in known if one in told]
    assert str(facts[0].loan) not in told


def test_what_can_be_read_of_a_damaged_ledger_reaches_the_registry_by_a_stick(run: Run, city: City, folder: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    wrote(folder, *a_day(city))
    assert "No ledger was set aside" in run("outbox", "rescue", "--folder", str(folder))[1]
    ledger = folder / "ledger.db"
    hurt = bytearray(ledger.read_bytes())
    hurt[100] ^= 1  # the page of the schema: SQLite reads nothing any more
    ledger.write_bytes(hurt)
    open_or_begin(ledger, REPLICA_KEY, new_epoch=uuid4, now=START).close()
    out = run("outbox", "rescue", "--folder", str(folder))[1]
    assert "3 facts, 3 of them without an answer" in out
    assert "due 2026-04-10" in out
    assert list(stick.iterdir()) == []
    out = run("outbox", "rescue", "--folder", str(folder), "--to", str(stick))[1]
    (file,) = stick.iterdir()
    assert f"{file}, 3 facts (1 to 3)" in out
    code, out, _ = run("registry", "outbox", "import", str(file), "--staff", "lin", "--folder", str(city.home.folder))
    assert (code, "facts 1 to 3: 3 new, 0 were here before" in out) == (0, True)


@pytest.fixture
def far_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine's clock is set to a zone that is not the library's."""
    monkeypatch.setenv("TZ", "America/Santiago")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_away")
def test_times_are_the_library_s_wherever_the_machine_thinks_it_is(run: Run, city: City, folder: Path) -> None:
    wrote(folder, *a_day(city))
    at = f"{START.astimezone(ZoneInfo('Asia/Taipei')):%Y-%m-%d %H:%M}"
    with closing(open_ledger(folder / "ledger.db", REPLICA_KEY, new_epoch=SeededKeys().new_epoch, now=START)) as ledger:
        ledger.store_results([FactResult(seq=1, status=FactStatus.FLAGGED, position=1)], at=START)
        ledger.remember_heard(START)
    out = run("outbox", "list", "--folder", str(folder))[1]
    assert f"last heard {at}" in out
    assert f"recorded by the registry at {at}" in out
    assert f"at {at}" in run("outbox", "explain", "1", "--folder", str(folder))[1]


def test_what_the_registry_answered_and_why_sending_stands_still_is_told(run: Run, city: City, folder: Path) -> None:
    wrote(folder, *a_day(city))
    with closing(open_ledger(folder / "ledger.db", REPLICA_KEY, new_epoch=SeededKeys().new_epoch, now=START)) as ledger:
        ledger.store_results([FactResult(seq=1, status=FactStatus.FLAGGED, position=1, reasons=("item_on_loan", "of_tomorrow"))], at=START)
        ledger.lay_before_staff("the registry refused fact 2: \x1b[31manother body", at=START)
    out = run("outbox", "list", "--folder", str(folder))[1]
    assert ("Sending has stopped" in out, "refused fact 2" in out, out.count("laid before staff")) == (True, True, 1)
    assert "\x1b" not in out
    said = run("outbox", "explain", "1", "--folder", str(folder))[1]
    assert ("Somebody else has this one" in said, "of_tomorrow" in said) == (True, True)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("explain", "9"), 2, "There is no fact 9 here"),
        (("explain", "0"), 2, "is not in the range"),
        (("export", "--to", "/nowhere"), 1, "plugged in and mounted"),
        (("export",), 2, "--to"),
    ],
)
def test_what_cannot_be_done_is_said_plainly(run: Run, folder: Path, words: tuple[str, ...], code: int, said: str) -> None:
    wrote(folder, CheckedIn(barcode="30234000000000"))
    answer = run("outbox", *words, "--folder", str(folder))
    assert (answer[0], said in answer[2]) == (code, True), answer


def test_a_machine_that_is_no_kiosk_and_a_file_that_is_none_are_said_plainly(run: Run, city: City, tmp_path: Path) -> None:
    assert "enrol this kiosk first" in run("outbox", "list", "--folder", str(tmp_path))[2]
    at = ("--folder", str(city.home.folder))
    assert run("registry", "outbox", "import", str(tmp_path / "none"), *at)[0] == 2
    (tmp_path / "letter").write_bytes(b"Dear librarian")
    code, _, err = run("registry", "outbox", "import", str(tmp_path / "letter"), *at)
    assert (code, "This is no kiosk's file" in err) == (1, True)


def test_exporting_changes_nothing_at_the_kiosk_even_while_it_writes(run: Run, city: City, folder: Path, tmp_path: Path) -> None:
    wrote(folder, *a_day(city))
    with closing(open_ledger(folder / "ledger.db", REPLICA_KEY, new_epoch=SeededKeys().new_epoch, now=START)) as ledger:
        before = ledger.bodies(1, 10)
        with ledger.unit_of_work() as work:
            work.append(FactEnvelope(UUID(int=7), work.next_seq(), START, 1, "b", "c", a_checkout(city.hua, city.books[1])))
            assert run("outbox", "export", "--folder", str(folder), "--to", str(tmp_path))[0] == 0
            work.commit()
        assert ledger.bodies(1, 3) == before
        assert ledger.unanswered() == 4
    (file,) = tmp_path.glob("*.json")
    assert file.name.endswith("-1-3.json")
    assert msgspec.json.decode(file.read_bytes())["v"] == 1
