"""What a kiosk asks over real HTTP: PINs, and losses by national ID."""

import time
from datetime import date, timedelta
from uuid import UUID

import msgspec
import pytest
import requests
from uuid_utils.compat import uuid7

from circulation.cards import CardKind
from circulation.ids import PatronId
from circulation.wire import LossRequest, LossTaken, PinAnswer, PinCheck, PinVerdict, encode
from registry.settings import RegistrySettings
from tests.integration.registry.city import City, Kiosk, problem_of
from tests.integration.registry.desk.counter import STAFF, cards_heard, give_other_cards, key

PIN = "729401"
BORN = date(2014, 5, 6)
FLOOR = timedelta(milliseconds=60)


@pytest.fixture
def settings() -> RegistrySettings:
    return RegistrySettings(
        gather=timedelta(milliseconds=20), look=timedelta(hours=1), pin_checks_a_minute=8, loss_reports_a_minute=8, loss_answer=FLOOR
    )


@pytest.fixture
def with_pin(city: City) -> City:
    pins = city.registry.desk.pins
    pins.set_by_code(pins.issue_code(PatronId(city.ming), by=STAFF).code, PIN, by=STAFF)
    return city


def ask_pin(kiosk: Kiosk, patron: UUID, pin: str) -> requests.Response:
    return kiosk.request("POST", "/v1/pin-checks", encode(PinCheck(patron=patron, pin=pin)))


def verdict_of(answer: requests.Response) -> PinVerdict:
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=PinAnswer).verdict


def report(kiosk: Kiosk, national_id: str = "A123456789", born: date = BORN, kind: CardKind = CardKind.EASYCARD) -> requests.Response:
    return kiosk.request("POST", "/v1/loss-reports", encode(LossRequest(national_id=national_id, birth_date=born, kind=kind)))


def lost(city: City) -> list[str]:
    return [str(uid) for (uid,) in city.sql("SELECT uid FROM card WHERE state = 'lost' ORDER BY uid")]


def test_a_kiosk_asks_whether_this_is_the_pin(with_pin: City, kiosk: Kiosk) -> None:
    assert [verdict_of(ask_pin(kiosk, with_pin.ming, pin)) for pin in (PIN, "729402", PIN)] == [
        PinVerdict.RIGHT,
        PinVerdict.WRONG,
        PinVerdict.RIGHT,
    ]
    assert verdict_of(ask_pin(kiosk, with_pin.hua, PIN)) is PinVerdict.NONE


def test_a_locked_pin_says_until_when_at_every_kiosk(with_pin: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    for _ in range(5):
        ask_pin(kiosk, with_pin.ming, "729402")
    answer = msgspec.json.decode(ask_pin(other_kiosk, with_pin.ming, PIN).content, type=PinAnswer)
    assert answer == PinAnswer(verdict=PinVerdict.LOCKED, locked_until=with_pin.clock() + timedelta(minutes=15))


def test_somebody_unknown_is_answered_word_for_word_like_one_without_a_pin(city: City, kiosk: Kiosk) -> None:
    assert ask_pin(kiosk, uuid7(), PIN).content == ask_pin(kiosk, city.hua, PIN).content


@pytest.mark.parametrize("path", ["/v1/pin-checks", "/v1/loss-reports"])
@pytest.mark.parametrize(
    ("body", "status"), [(b"{}", 400), (b"x", 400), (b'{"v":1,"patron":"no","pin":"729401"}', 400), (b" " * 2000, 413)]
)
def test_what_cannot_be_read_is_refused_and_not_repeated(kiosk: Kiosk, path: str, body: bytes, status: int) -> None:
    answer = kiosk.request("POST", path, body)
    assert answer.status_code == status
    assert "729401" not in answer.text


@pytest.mark.parametrize("path", ["/v1/pin-checks", "/v1/loss-reports"])
def test_only_kiosks_may_ask(url: str, path: str) -> None:
    answer = requests.post(url + path, data=b"{}", timeout=30)
    assert (answer.status_code, problem_of(answer).code) == (401, "signature_missing")


def test_a_kiosk_that_asks_too_often_waits_and_others_do_not(with_pin: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    for _ in range(8):
        assert ask_pin(kiosk, uuid7(), PIN).status_code == 200
    refused = ask_pin(kiosk, with_pin.ming, "729402")
    assert (refused.status_code, problem_of(refused).code, refused.headers["Retry-After"]) == (429, "too_many", "60")
    assert with_pin.sql("SELECT failures FROM pin") == [(0,)]
    assert verdict_of(ask_pin(other_kiosk, with_pin.ming, PIN)) is PinVerdict.RIGHT
    with_pin.clock.pass_(minutes=1)
    assert verdict_of(ask_pin(kiosk, with_pin.ming, PIN)) is PinVerdict.RIGHT
    assert any(entry.detail.get("code") == "too_many" for entry in with_pin.registry.audit())


def test_q6_1_a_loss_by_identity_stops_that_patrons_card_of_that_kind_until_staff_have_looked(city: City, kiosk: Kiosk) -> None:
    give_other_cards(city)
    assert report(kiosk).status_code == 200
    assert lost(city) == [city.ming_card.hex]
    assert cards_heard(city, kiosk)[-1] == (key(city, city.ming_card), "lost")
    (waiting,) = city.registry.desk.losses.soft_holds(by="lin")
    assert (waiting.number, waiting.reporter) == (city.ming_card.hex, f"kiosk:{kiosk.me.kiosk}")
    assert city.sql("SELECT channel, branch, confirmed_at FROM card_loss_report") == [("by_id", "C01", None)]


@pytest.mark.parametrize("national_id", ["a123456789", " Ａ１２３４５６７８９ "])
def test_a_national_id_is_read_however_it_was_typed(city: City, kiosk: Kiosk, national_id: str) -> None:
    report(kiosk, national_id)
    assert lost(city) == [city.ming_card.hex]


@pytest.mark.parametrize(
    ("national_id", "born", "kind"),
    [
        ("A123456780", BORN, CardKind.EASYCARD),
        ("W234567893", BORN, CardKind.EASYCARD),
        ("A123456789", date(2014, 6, 5), CardKind.EASYCARD),
        ("A123456789", BORN, CardKind.IPASS),
        ("nonsense", BORN, CardKind.EASYCARD),
        ("\0", BORN, CardKind.EASYCARD),
        ("' OR 1=1 --", BORN, CardKind.EASYCARD),
    ],
)
def test_the_answer_is_the_same_whether_or_not_anything_matched(
    city: City, kiosk: Kiosk, national_id: str, born: date, kind: CardKind
) -> None:
    missed = report(kiosk, national_id, born, kind)
    assert lost(city) == []
    matched = report(kiosk)
    again = report(kiosk)
    told = [(answer.status_code, answer.content, {**answer.headers, "date": ""}) for answer in (missed, matched, again)]
    assert told[0] == told[1] == told[2]
    assert msgspec.json.decode(missed.content, type=LossTaken) == LossTaken()
    assert lost(city) == [city.ming_card.hex]


class TestWithTimeToCompare:
    @pytest.fixture
    def settings(self) -> RegistrySettings:
        return RegistrySettings(gather=timedelta(milliseconds=20), look=timedelta(hours=1), loss_answer=timedelta(seconds=1))

    def test_a_hit_and_a_miss_are_answered_after_the_same_time(self, city: City, kiosk: Kiosk) -> None:
        def seconds(national_id: str) -> float:
            begun = time.monotonic()
            assert report(kiosk, national_id).status_code == 200
            return time.monotonic() - begun

        hit, miss = seconds("A123456789"), seconds("W234567893")
        assert lost(city) == [city.ming_card.hex]
        assert min(hit, miss) >= 1
        assert abs(hit - miss) < 0.5


def test_a_hit_and_a_miss_are_noted_alike_and_without_the_id(city: City, kiosk: Kiosk, capfd: pytest.CaptureFixture[str]) -> None:
    for national_id in ("A123456789", "W234567893"):
        report(kiosk, national_id)
    missed, matched = city.registry.audit(limit=2)
    assert (missed.action, missed.outcome, missed.actor) == (matched.action, matched.outcome, matched.actor)
    assert (dict(matched.detail), dict(missed.detail)) == ({"count": 1}, {"count": 0})
    assert "A123456789" not in repr(city.registry.audit()) + "".join(capfd.readouterr())
    assert str(city.ming) not in repr(city.registry.audit())


def test_whoever_guesses_birth_dates_of_one_person_gets_three_tries_an_hour_and_is_not_told(city: City, kiosk: Kiosk) -> None:
    for day in (1, 2, 3):
        assert report(kiosk, born=date(2014, 5, day)).status_code == 200
    assert report(kiosk).status_code == 200
    assert lost(city) == []
    city.clock.pass_(hours=1)
    assert report(kiosk).status_code == 200
    assert lost(city) == [city.ming_card.hex]


def test_a_kiosk_from_which_too_many_losses_are_reported_waits(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    for n in range(8):
        assert report(kiosk, f"B{n}").status_code == 200
    refused = report(kiosk)
    assert (refused.status_code, problem_of(refused).code) == (429, "too_many")
    assert lost(city) == []
    assert report(other_kiosk).status_code == 200
    assert lost(city) == [city.ming_card.hex]


def test_no_anonymous_report_ever_stops_the_account_or_another_card(city: City, kiosk: Kiosk) -> None:
    give_other_cards(city)
    for kind in CardKind:
        city.clock.pass_(hours=1)
        report(kiosk, kind=kind)
    assert city.sql("SELECT count(*) FROM block") == [(0,)]
    assert [row for row in city.sql("SELECT confirmed_at FROM card_loss_report") if row != (None,)] == []
    for uid in lost(city):
        assert uid != city.hua_card.hex


def test_both_questions_are_described_with_all_their_answers(url: str) -> None:
    paths = requests.get(f"{url}/schema/openapi.json", timeout=30).json()["paths"]
    for path in ("/v1/pin-checks", "/v1/loss-reports"):
        described = paths[path]["post"]
        assert set(described["responses"]) == {"200", "400", "401", "403", "408", "413", "429"}
        assert "requestBody" in described
