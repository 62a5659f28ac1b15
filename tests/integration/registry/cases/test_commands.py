"""``youyue registry cases`` and ``merges``, as staff and scripts call them."""

from uuid import UUID

import pytest

from registry.cases.store_decisions import Viewer
from tests.integration.registry.cases import pile as stories
from tests.integration.registry.cases.pile import NEW, WHY, Pile
from tests.integration.registry.city import City, Kiosk, a_checkout
from tests.integration.registry.commands import Run
from tests.integration.registry.merges.pair import a_pair

NO_NAMES = ("王小明", "王曉明", "歐陽小華", "A123456789", "F131234569", WHY)


def test_a_case_is_listed_taken_shown_previewed_decided_and_undone(run: Run, pile: Pile) -> None:
    stories.other_name(pile)
    case = str(pile.one().id)
    assert case in run("cases", "list").out
    assert run("cases", "assign", case, "--staff", "staff:lin").code == 0
    assert "staff:lin" in run("cases", "list", "--mine", "--staff", "staff:lin").out
    shown = run("cases", "show", case)
    assert "take_name" in shown.out
    assert not [secret for secret in NO_NAMES if secret in shown.out]
    assert "王曉明" in run("cases", "show", case, "--full").out
    assert run("cases", "preview", case, "take_name").out == "姓名更改 / The name changes\n"
    refused = run("cases", "decide", case, "take_name", "--because", WHY)
    assert (refused.code, "--yes" in refused.err) == (2, True)
    assert run("cases", "decide", case, "take_name", "--because", WHY, "--yes").code == 0
    assert ("王曉明",) in pile.city.sql("SELECT name FROM patron")
    assert case not in run("cases", "list").out
    assert case in run("cases", "list", "--decided").out
    assert run("cases", "undo", case, "--because", "按錯了", "--yes").code == 0
    assert ("王小明",) in pile.city.sql("SELECT name FROM patron")


def test_what_is_refused_says_why_in_both_languages(run: Run, pile: Pile) -> None:
    stories.other_name(pile)
    case = str(pile.one().id)
    told = run("cases", "decide", case, "merge", "--because", WHY, "--yes")
    assert (told.code, told.err) == (2, "youyue: 這類案件不能這樣決定。 / A case of this kind can't be decided so.\n")
    assert run("cases", "show", case, "--branch", "L12").code == 2
    assert run("cases", "show", case, "--branch", "C01").code == 0
    assert run("cases", "undo", case, "--because", "x", "--yes").code == 1


def test_a_duplicate_is_merged_from_its_case(run: Run, pile: Pile) -> None:
    stories.a_duplicate(pile)
    case = str(pile.one().id)
    assert run("cases", "decide", case, "merge", "--because", WHY, "--yes").code == 2
    assert run("cases", "decide", case, "merge", "--because", WHY, "--keep", "first", "--yes").code == 0
    assert pile.city.sql("SELECT count(*) FROM patron") == [(2,)]
    assert pile.desk.listed(Viewer("staff:lin")) == []


def test_two_accounts_become_one_by_their_card_numbers_or_national_ids_and_two_again(run: Run, city: City) -> None:
    pair = a_pair(city)
    numbers = (city.ming_card.hex, city.hua_card.hex)
    assert run("merges", "merge", *numbers, "--because", WHY, "--yes").code == 2
    chosen = ("--card", "easycard=staying")
    preview = run("merges", "preview", "--national-id", *chosen, typed="A123456789\nF131234569\n")
    assert (preview.code, "一個帳號併入另一個" in preview.out) == (0, True)
    assert not [secret for secret in NO_NAMES if secret in preview.out + preview.err]
    done = run("merges", "merge", *numbers, *chosen, "--because", WHY, "--yes")
    assert done.code == 0
    key = done.out.split()[-1]
    assert key in run("merges", "list").out
    city.registry.lift_block(pair.block)
    told = run("merges", "undo", key, "--because", "兩個人", "--yes")
    assert (told.code, "停權，1 筆" in told.out) == (0, True)
    assert city.sql("SELECT count(*) FROM patron") == [(2,)]
    assert run("merges", "undo", key, "--because", "兩個人", "--yes").code == 1


@pytest.mark.parametrize(
    "words",
    [
        ("merges", "preview", NEW.hex),
        ("merges", "preview"),
        ("merges", "preview", "04A32B1C", "04A1B2C3D4E580", "--card", "pen=staying"),
        ("merges", "preview", "04A32B1C", "04A1B2C3D4E580", "--card", "easycard"),
    ],
)
def test_wrong_words_are_said_to_be_wrong_and_change_nothing(run: Run, city: City, words: tuple[str, ...]) -> None:
    told = run(*words)
    assert (told.code, told.out) == (2, "")
    assert city.sql("SELECT count(*) FROM patron") == [(2,)]


def test_what_a_kiosk_did_is_told_in_words_decided_and_undone(run: Run, city: City, kiosk: Kiosk) -> None:
    kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0])), kiosk.envelope(a_checkout(city.hua, city.books[0])))
    ((found,),) = city.sql("SELECT id FROM staff_case")
    case = str(UUID(bytes=found))
    listed = run("cases", "list", "--kind", "lent_twice").out
    assert (case in listed, "一本書借出了兩次" in listed, "One item was lent twice" in listed) == (True, True, True)
    shown = run("cases", "show", case).out
    for words in (
        "註記原因：這本書別人還沒還",
        "flagged: Somebody else has this one",
        "due: sent 2026-04-10, on record 2026-04-10",
        "end_other_loan",
    ):
        assert words in shown
    assert not [secret for secret in (*NO_NAMES, "小王子", "30234000000000", str(city.ming)) if secret in shown]
    assert "30234000000000" in run("cases", "show", case, "--full").out
    assert "1" in run("cases", "preview", case, "end_other_loan").out
    assert run("cases", "decide", case, "end_other_loan", "--because", WHY, "--yes").code == 0
    assert city.registry.counts()["open_loans"] == 1
    assert run("cases", "undo", case, "--because", WHY, "--yes").code == 0
    assert city.registry.counts()["open_loans"] == 2
