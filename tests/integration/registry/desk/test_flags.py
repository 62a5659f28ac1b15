"""``youyue registry flags``: what waits for staff, from the fact to its forgetting."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from uuid_utils.compat import uuid7

from circulation.wire import FactStatus
from tests.integration.registry.city import City, Kiosk, a_checkout, a_return
from tests.integration.registry.test_retention import LINKS, mentions
from youyue.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(city: City, capsys: pytest.CaptureFixture[str]) -> Run:
    database = ["--database", city.home.url] if city.home.url else []

    def run(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["registry", "flags", *words, "--folder", str(city.home.folder), *database])
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def flagged(city: City, kiosk: Kiosk) -> UUID:
    """Two patrons had one copy, and it is back."""
    first, second = a_checkout(city.ming, city.books[0]), a_checkout(city.hua, city.books[0])
    bodies = [kiosk.envelope(first), kiosk.envelope(second), kiosk.envelope(a_return(loan=first.loan, item=first.item))]
    results = kiosk.push(1, *bodies)
    assert [one.status for one in results] == [FactStatus.ACCEPTED, FactStatus.FLAGGED, FactStatus.FLAGGED]
    return UUID(bytes=city.sql("SELECT fact_key FROM fact WHERE seq = 2")[0][0])


def test_what_waits_is_listed_in_words_and_without_anybody(run: Run, city: City, kiosk: Kiosk) -> None:
    key = flagged(city, kiosk)
    code, out, _ = run()
    lines = out.splitlines()
    assert (code, lines[:3]) == (0, [f"{key}  C01  2026-03-11 10:00  kiosk #2", "  這本書別人還沒還", "  Somebody else has this one"])
    assert len(lines) == 6
    secrets = (str(city.ming), str(city.hua), str(city.books[0]), "王", "30234000000000", "小王子", "A123456789")
    assert not [secret for secret in secrets if secret in out]


def test_nothing_waits_and_a_reason_of_a_newer_program_is_shown_as_it_is(run: Run, city: City, kiosk: Kiosk) -> None:
    assert run()[:2] == (0, "沒有等待館員處理的紀錄。 / Nothing waits for staff.\n")
    kiosk.push(1, kiosk.envelope(a_checkout(city.ming, uuid7())))
    with city.registry.database.unit_of_work() as work:
        work.connection.exec_driver_sql("""UPDATE flagged_fact SET reasons = '["of_tomorrow"]'""")
        work.commit()
    assert "  of_tomorrow" in run()[1]


def test_a_flag_that_is_settled_is_forgotten_after_the_window_and_not_before(run: Run, city: City, kiosk: Kiosk) -> None:
    flagged(city, kiosk)
    city.clock.pass_(days=100)
    assert city.registry.retention().once() == 0
    for one in city.registry.desk.flags.waiting(by="lin"):
        city.registry.desk.flags.settle(one.key, because="王小明 had it", by="lin")
    assert city.sql("SELECT settled_by, settled_because FROM flagged_fact") == [("lin", "王小明 had it")] * 2
    assert run()[1].startswith("沒有")
    city.clock.pass_(days=13)
    assert city.registry.retention().once() == 0
    city.clock.pass_(days=1)
    city.registry.retention().once()
    assert city.sql(LINKS) == [(0, 0, 0)]
    assert mentions(city, city.ming) == mentions(city, city.hua) == set()
    assert city.sql("SELECT settled_by, settled_because FROM flagged_fact") == [("lin", None)] * 2


def test_the_trail_says_who_settled_which_and_not_what_was_written(run: Run, city: City, kiosk: Kiosk) -> None:
    key = flagged(city, kiosk)
    code, out, _ = run("settle", str(key), "--staff", "lin", "--because", " the book of 王小明 \x1b[31m ")
    assert (code, "Settled." in out) == (0, True)
    entry = city.registry.audit(limit=1)[0]
    assert (entry.actor, entry.action, entry.detail) == ("lin", "flag settled", {"fact": str(key)})
    assert "\x1b" not in city.sql("SELECT settled_because FROM flagged_fact WHERE settled_at IS NOT NULL")[0][0]
    assert [one.key for one in city.registry.desk.flags.waiting(by="lin")] != [key]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((str(uuid4()), "--because", "seen"), 1, "No flag of this key waits"),
        ((str(uuid4()), "--because", "  "), 2, "Write down what came of it"),
        (("12", "--because", "seen"), 2, "is not a valid UUID"),
        ((str(uuid4()),), 2, "--because"),
    ],
)
def test_what_cannot_be_settled_is_said_plainly(run: Run, words: tuple[str, ...], code: int, said: str) -> None:
    answer = run("settle", *words)
    assert (answer[0], said in answer[2]) == (code, True)


def test_nothing_is_settled_twice(run: Run, city: City, kiosk: Kiosk) -> None:
    key = str(flagged(city, kiosk))
    assert run("settle", key, "--because", "seen")[0] == 0
    assert run("settle", key, "--because", "again")[0] == 1
    assert city.sql("SELECT count(*) FROM flagged_fact WHERE settled_because = 'again'") == [(0,)]


def test_options_before_a_word_are_not_lost_in_silence(run: Run, tmp_path: Path) -> None:
    assert run("--folder", str(tmp_path / "other"), "settle", str(uuid4()), "--because", "seen")[0] == 2
    assert not (tmp_path / "other").exists()
