"""``youyue registry privacy`` and ``youyue registry audit``, as staff and auditors call them."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from circulation.cards import CardState
from registry.desk.questions import ByNumber
from registry.privacy.requests import RequestOutcome
from registry.store_inspection import inspect_registry
from tests.integration.registry.city import City
from tests.integration.registry.commands import Run
from tests.integration.registry.privacy.people import MING_ID, an_order, lived_in, ming_of_the_bureau

CARD = "04A32B1C"
PROOFS = ("--proof", "name", "--proof", "phone")


def test_a_request_goes_from_the_desk_to_its_answer(run: Run, city: City) -> None:
    words = ["privacy", "take-request", CARD, "--kind", "access", "--channel", "desk"]
    assert "Two identity items" in run(*words, "--proof", "name").err
    told = run(*words, *PROOFS, "--staff", "lin", "--received", "2026-03-01")
    key = str(city.registry.privacy.requests.waiting(by="test")[0].id)
    assert (told.code, told.out) == (
        0,
        f"已登記：查詢或閱覽，最遲 2026-03-16 答復。申請代碼 {key} / On the register: access, to be answered by 2026-03-16. Its key: {key}\n",
    )
    listed = run("privacy", "requests").out.splitlines()
    assert listed[0].startswith(f"{key}  [{city.ming}]")
    assert listed[2] == "  access, the patron, desk, received 2026-03-01, due 2026-03-16"
    assert run("privacy", "answer-request", key, "--outcome", "refused").code == 2
    assert run("privacy", "answer-request", key, "--outcome", "refused", "--because", "not theirs").code == 0
    assert run("privacy", "answer-request", key, "--outcome", "granted").code == 1
    assert "No request waits" in run("privacy", "requests").out


def test_an_overdue_request_is_marked_and_the_doctor_finds_it(run: Run, city: City) -> None:
    taken = city.registry.privacy.requests.take(an_order(city.ming), by="lin")
    due = inspected(city)
    assert due == (taken.due,)
    city.registry.privacy.requests.answer(taken.id, RequestOutcome.GRANTED, by="lin")
    assert inspected(city) == ()
    run("privacy", "take-request", "--nobody", "--kind", "erasure", "--channel", "letter", *PROOFS, "--received", "2020-01-01")
    assert "已逾期 / overdue" in run("privacy", "requests").out
    extended = run("privacy", "extend-request", str(city.registry.privacy.requests.waiting(by="test")[0].id), "--because", "late")
    assert (extended.code, "term is over" in extended.err) == (1, True)


def inspected(city: City) -> tuple[object, ...]:
    found = inspect_registry(city.home.folder / "registry.db", city.home.url or "")
    assert found.holds is not None
    return found.holds.requests_due


@pytest.mark.parametrize(
    "words",
    [
        ("take-request", "--kind", "access", "--channel", "online"),
        ("take-request", CARD, "--nobody", "--kind", "access", "--channel", "online"),
        ("export", CARD),
        ("export", "--json", "x.json"),
        ("correct", CARD),
        ("take-request", CARD, "--kind", "access", "--channel", "online", "--received", "2999-01-01"),
    ],
)
def test_wrong_words_end_with_one_line_and_do_nothing(run: Run, city: City, words: tuple[str, ...]) -> None:
    told = run("privacy", *words)
    assert (told.code, len(told.err.splitlines())) == (2, 1)
    assert city.sql("SELECT count(*) FROM privacy_request") == [(0,)]


def test_terms_are_listed_with_their_source_and_a_later_one_is_added_once(run: Run) -> None:
    assert "access: 15 days, 15 more once, from 2012-10-01; 個人資料保護法第 13 條第 1 項" in run("privacy", "terms").out
    words = ["privacy", "add-term", "--kind", "access", "--days", "10", "--from", "2027-01-01", "--source", "a later law"]
    assert (run(*words).code, run(*words).code) == (0, 2)
    assert "access: 10 days, 0 more once, from 2027-01-01; a later law" in run("privacy", "terms").out


def test_q6_2_a_person_is_exported_by_id_and_never_by_a_lost_card(run: Run, city: City, tmp_path: Path) -> None:
    lived_in(city, tmp_path)
    files = ("--json", str(tmp_path / "ming.json"), "--text", str(tmp_path / "ming.txt"))
    city.registry.change_card(city.ming_card, CardState.LOST)
    refused = run("privacy", "export", CARD, *files)
    assert (refused.code, "reported lost" in refused.err, (tmp_path / "ming.json").exists()) == (1, True, False)
    assert "查無該證資料" in run("privacy", "export", "04FFFFFF", *files).err
    told = run("privacy", "export", "--national-id", *files, "--staff", "lin", typed=f"{MING_ID}\n")
    assert (told.code, MING_ID in told.out + told.err) == (0, False)
    assert json.loads((tmp_path / "ming.json").read_text("utf-8"))["patron"] == str(city.ming)
    assert MING_ID in (tmp_path / "ming.txt").read_text("utf-8")
    assert city.registry.audit(limit=1)[0].actor == "lin"
    assert run("privacy", "export", "--patron", str(city.ming), "--text", str(tmp_path / "no" / "where.txt")).code == 2


def test_r16_a_name_is_corrected_by_papers_and_waits_without_them(run: Run, city: City, tmp_path: Path) -> None:
    ming_of_the_bureau(city, tmp_path)
    told = run("privacy", "correct", CARD, "--field", "name", typed="林小明\n")
    assert (told.code, "until a librarian has seen papers" in told.out, "林" in told.out) == (0, True, False)
    listed = run("privacy", "corrections").out
    assert f"[{city.ming}]" in listed
    assert "the name waits" in listed
    key = listed.split()[0]
    assert run("privacy", "reject-name", key).code == 0
    assert run("privacy", "confirm-name", key).code == 1
    told = run("privacy", "correct", CARD, "--field", "name", "--papers-seen", typed="林小明\n")
    assert "To be told: the Education Bureau、the branch" in told.out
    key = run("privacy", "corrections").out.split()[0]
    assert (run("privacy", "told", key, "bureau").code, run("privacy", "told", key, "branch").code) == (0, 0)
    assert run("privacy", "told", key, "school").code == 1
    assert "No correction is unfinished" in run("privacy", "corrections").out
    assert "林○○" in run("cards", "show", CARD).out
    waits = run("privacy", "correct", CARD, "--field", "name", typed="李小明\n")
    assert waits.code == 0
    assert run("privacy", "confirm-name", run("privacy", "corrections").out.split()[0]).code == 0


def test_notices_are_listed_printed_and_given(run: Run, city: City, tmp_path: Path) -> None:
    assert "No notice is owed" in run("privacy", "notices").out
    ming_of_the_bureau(city, tmp_path)
    listed = run("privacy", "notices").out
    assert "  王○○, C01, the Education Bureau of Taipei City, 2026-03-11" in listed.splitlines()
    assert "王小明" not in listed
    file = tmp_path / "notices.csv"
    assert run("privacy", "notices", "--csv", str(file), "--language", "en").code == 0
    assert "they are no longer used and erased" in file.read_text("utf-8-sig")
    assert "2 notices" in run("privacy", "notice-given", "--patron", str(city.ming), "--channel", "school_slip").out
    assert run("privacy", "notice-given", CARD, "--channel", "desk").code == 1


def test_the_trail_is_verified_shown_signed_and_what_was_done_to_it_is_said(run: Run, city: City, tmp_path: Path) -> None:
    city.registry.desk.cards.find(ByNumber(city.ming_card), by="wang")
    head = tmp_path / "head.json"
    assert run("audit", "checkpoint", "--out", str(head)).code == 0
    assert head.stat().st_mode & 0o777 == 0o600
    whole = run("audit", "verify", "--checkpoint", str(head))
    assert (whole.code, "The audit trail is whole" in whole.out) == (0, True)
    shown = run("audit", "show", "--actor", "wang", "--patron", str(city.ming)).out
    assert shown == f"1  2026-03-11 10:00:00  wang  patron looked up  done  [{city.ming}]  asked_by=number count=1\n"
    assert "No entry is like that" in run("audit", "show", "--action", "never", "--from", "2026-03-01", "--to", "2026-03-02 10:00").out
    with city.registry.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit SET actor = 'lin' WHERE seq = 1")
    broken = run("audit", "verify")
    assert (broken.code, "broken at entry 1" in broken.err, "tell whoever is in charge" in broken.err) == (1, True, True)
    assert len(broken.err.splitlines()) == 1
    (tmp_path / "x").write_text("{}")
    assert run("audit", "verify", "--checkpoint", str(tmp_path / "x")).code == 1


def test_a_breach_is_counted_by_actor_with_its_deadline_and_a_file(run: Run, city: City, tmp_path: Path) -> None:
    city.registry.desk.cards.find(ByNumber(city.ming_card), by="wang")
    file = tmp_path / "breach.csv"
    days = ("--from", "2026-03-11", "--to", "2026-03-12")
    told = run("audit", "breach", *days, "--known", "2026-03-11 18:00", "--csv", str(file))
    assert told.code == 0
    assert "the data of 1 patrons were seen or changed" in told.out
    assert "wang: 1 entries, 1 patrons" in told.out
    assert "must be reported by 2026-03-14 18:00" in told.out
    assert file.read_text("utf-8-sig").count("\n") == 2
    assert "wang" not in run("audit", "breach", *days, "--actor", "lin").out
    assert run("audit", "breach", "--from", "2026-03-12", "--to", "2026-03-12").code == 2


def test_the_trail_is_not_cut_sooner_than_the_law_lets(run: Run) -> None:
    run("cards", "show", CARD)
    refused = run("audit", "cut", "--older-than", "183")
    assert (refused.code, "184 days at least" in refused.err) == (2, True)
    assert "No entry is past its term" in run("audit", "cut", "--older-than", "184").out
    assert run("audit", "verify").code == 0


def test_what_is_past_the_librarys_own_term_is_cut_by_the_days_work(city: City) -> None:
    keeping = city.registry.privacy.keeping
    city.registry.issue_code("C01", by="lin")
    city.clock.pass_(days=183)
    city.registry.issue_code("C01", by="lin")
    keeping._kept = timedelta(days=1)
    keeping.daily()
    assert city.sql("SELECT min(seq) FROM audit") == [(1,)], "the law's term is longer than the library's"
    city.clock.pass_(days=2)
    keeping.daily()
    assert city.sql("SELECT min(seq) FROM audit") == [(2,)]
    with city.registry.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit SET actor = 'lin' WHERE seq = 3")
    city.clock.pass_(days=200)
    keeping.daily()
    assert city.sql("SELECT min(seq) FROM audit") == [(2,)], "what was done to a trail must be seen"
    keeping._kept = None
    keeping.daily()
    assert city.sql("SELECT min(seq) FROM audit") == [(2,)]
