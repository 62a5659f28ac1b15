"""The Bureau's system speaks for itself: signed rows into the same pipeline, an answer for each, and kiosks hear of it at once."""

import json
import threading
from time import monotonic
from typing import Any
from uuid import UUID

import msgspec
import pytest

from circulation.cards import CardState
from registry.partners.roles import PartnerRole
from registry.rosters.wire import BureauAnswer
from tests.integration.registry.city import City, Kiosk, problem_of
from tests.integration.registry.machine import Machine, a_machine

KEY = UUID("0199d2a0-0000-7000-8000-000000000001")
LIN = {"national_id": "W234567893", "birth_date": "2014-05-06", "name": "林大雙", "card": "04000002", "consent": "yes"}
PATH = "/v1/bureau/rows"


@pytest.fixture
def bureau(url: str, city: City) -> Machine:
    return a_machine(url, city, PartnerRole.BUREAU, name="教育局")


def body(*rows: dict[str, Any], key: UUID = KEY, kind: str = "bureau-students", **more: object) -> bytes:
    return json.dumps({"key": str(key), "kind": kind, "school_year": 114, "rows": rows, **more}).encode()


def told(bureau: Machine, *rows: dict[str, Any], key: UUID = KEY, kind: str = "bureau-students", declared: object = None) -> BureauAnswer:
    answer = bureau.request("POST", PATH, body(*rows, key=key, kind=kind, declared=declared))
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=BureauAnswer)


def outcomes(answer: BureauAnswer) -> list[tuple[str, str]]:
    return [(row.outcome, row.case) for row in answer.rows]


def test_q3_2c_and_q3_4a_rows_of_the_bureaus_system_are_committed_at_once_and_kiosks_hear_of_the_card(
    city: City, bureau: Machine, kiosk: Kiosk
) -> None:
    """A waiting kiosk is woken by the commit: within five seconds the card is known there, without any file and any person."""
    heard: list[tuple[float, list[str]]] = []

    def wait() -> None:
        page = kiosk.changes(city.feed, 0, wait=20)
        heard.append((monotonic(), [str(change.table) for change in page.changes]))

    waiting = threading.Thread(target=wait)
    waiting.start()
    begun = monotonic()
    answer = told(bureau, LIN)
    waiting.join(30)
    assert (answer.state, outcomes(answer)) == ("committed", [("created", "")])
    ((at, tables),) = heard
    assert "card" in tables
    assert at - begun < 5
    assert city.sql("SELECT state FROM card WHERE uid = '04000002'") == [(CardState.ACTIVE,)]


def test_every_row_is_answered_by_its_outcome_its_case_or_its_problem_with_the_place(city: City, bureau: Machine) -> None:
    answer = told(
        bureau,
        LIN,
        {**LIN, "national_id": "O200000015", "card": "04A32B1C"},
        {**LIN, "national_id": "A123456780", "card": "04000004"},
        {**LIN, "national_id": "Z199999990", "card": "04000005", "consent": "no"},
        {**LIN, "national_id": "A800123450", "card": "04000006", "consent": ""},
        {**LIN, "national_id": "", "card": "04000007"},
        LIN,
    )
    assert outcomes(answer) == [
        ("created", ""),
        ("held", "number_bound_elsewhere"),
        ("refused", ""),
        ("not_consented", ""),
        ("refused", ""),
        ("held", "missing_id"),
        ("repeated", ""),
    ]
    (problem,) = answer.rows[2].problems
    assert (problem.place, problem.code) == ("national_id", "national_id_check_digit")
    assert ("檢查碼" in problem.zh, "check digit" in problem.en) == (True, True)
    assert [one.code for one in answer.rows[4].problems] == ["consent_unclear"]
    everything = msgspec.json.encode(answer).decode()
    assert [secret for secret in ("林大雙", "W234567893", "A123456780", "04000002") if secret in everything] == []


def test_r15_the_same_key_gets_the_same_answer_and_other_rows_under_it_are_refused(city: City, bureau: Machine) -> None:
    first = told(bureau, LIN)
    entries = len(city.registry.audit(limit=100))
    assert told(bureau, LIN) == first
    assert len(city.registry.audit(limit=100)) == entries
    other = bureau.request("POST", PATH, body({**LIN, "card": "04000003"}))
    assert (other.status_code, problem_of(other).code) == (409, "key_used")
    again = told(bureau, LIN, key=UUID(int=2))
    assert (again.state, outcomes(again)) == ("unchanged", [("unchanged", "")])


def test_q3_2b_a_declaration_for_all_rows_stands_for_a_yes_in_each(city: City, bureau: Machine) -> None:
    silent = {name: value for name, value in LIN.items() if name != "consent"}
    assert outcomes(told(bureau, silent, key=UUID(int=3))) == [("refused", "")]
    assert outcomes(told(bureau, silent, declared={"form_version": "114-1", "cohort": "國小新生"})) == [("created", "")]
    assert city.sql("SELECT form_version, cohort, sender, channel FROM roster_batch") == [("114-1", "國小新生", "bureau", "api")]


@pytest.mark.parametrize(
    ("kind", "row", "outcome"),
    [
        ("reissues", {"card": "04000003", "issued_on": "2025-10-03"}, "replaced"),
        ("losses", {"lost_on": "2025-10-03"}, "stopped"),
        ("leavings", {"leaving": "returned", "left_on": "2025-12-20"}, "ended"),
        ("leavings", {"leaving": "cancelled", "left_on": "2025-12-20"}, "noted"),
    ],
)
def test_q6_3a_q7_a_and_q7_b_card_events_come_this_way_too(bureau: Machine, kind: str, row: dict[str, Any], outcome: str) -> None:
    told(bureau, LIN)
    who = {"national_id": LIN["national_id"], "birth_date": LIN["birth_date"]}
    assert outcomes(told(bureau, {**who, **row}, kind=kind, key=UUID(int=4))) == [(outcome, "")]


HOSTILE: list[tuple[bytes, str]] = [
    (b"nonsense", ""),
    (b"[]", ""),
    (body(LIN, kind="school-contacts"), "kind"),
    (body({**LIN, "nickname": "x"}), "rows[0]"),
    (body(LIN, {**LIN, "card": 4}), "rows[1].card"),
    (body(LIN).replace(str(KEY).encode(), b"none"), "key"),
    (body(), "rows"),
    (body(*[LIN] * 1001), "rows"),
    (body({**LIN, "name": "長" * 301}), "rows[0].name"),
    (body(LIN, declared={"form_version": "", "cohort": "x"}), "declared.form_version"),
    (body(LIN, batch="x"), ""),
    (body(LIN).replace(b"114", b"1e400"), "school_year"),
]


def test_a_hostile_body_is_refused_with_its_place_and_changes_nothing(city: City, bureau: Machine) -> None:
    for sent, place in HOSTILE:
        answer = bureau.request("POST", PATH, sent)
        assert (answer.status_code, problem_of(answer).code, problem_of(answer).place) == (400, "malformed", place)
        assert "林大雙" not in answer.text
    assert city.sql("SELECT count(*) FROM patron") == [(2,)]
    assert city.sql("SELECT count(*) FROM bureau_request") == [(0,)]


def test_a_body_that_is_too_large_is_not_read(bureau: Machine) -> None:
    assert bureau.request("POST", PATH, b" " * (1024 * 1024 + 1)).status_code == 413


def test_neither_a_kiosk_nor_an_app_may_send_rows(city: City, url: str, kiosk: Kiosk) -> None:
    assert kiosk.request("POST", PATH, body(LIN)).status_code == 401
    app = a_machine(url, city, PartnerRole.APP)
    answer = app.request("POST", PATH, body(LIN))
    assert (answer.status_code, problem_of(answer).code) == (403, "not_allowed")
    assert city.sql("SELECT count(*) FROM patron") == [(2,)]


def test_the_route_and_its_body_are_described(bureau: Machine) -> None:
    schema = json.loads(bureau.session.get(f"{bureau.url}/schema/openapi.json", timeout=30).content)
    assert "post" in schema["paths"][PATH]
    assert "national_id" in schema["components"]["schemas"]["BureauRowSent"]["properties"]
