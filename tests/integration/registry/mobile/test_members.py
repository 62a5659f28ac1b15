"""What a member who is signed in on a phone does with the account: look, hold, and stop a lost card."""

from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID, uuid4

import msgspec
import pytest
import requests
from msgspec import Struct

from circulation.blocks import Block, BlockCode
from circulation.cards import CardKind, CardState
from circulation.ids import PatronId
from circulation.wire import encode
from registry.lending.store import BlockRecord
from registry.mobile.member_messages import (
    Account,
    AccountWanted,
    HoldDone,
    HoldElsewhere,
    HoldLater,
    HoldNamed,
    HoldRefused,
    HoldWanted,
    OwnCardLost,
    OwnCardStopped,
    ShownBlock,
    ShownCard,
)
from registry.settings import RegistrySettings
from tests.integration.registry.city import City, Kiosk, problem_of
from tests.integration.registry.desk.counter import IPASS, cards_heard, give_other_cards, key
from tests.integration.registry.holds.counter import C01, L12, TITLE, House, furnish
from tests.integration.registry.machine import Machine, a_machine
from tests.integration.registry.mobile.phone import HUAS_ID, Phone, give_pin, sign_in

Answer = TypeVar("Answer", bound=Struct)


@pytest.fixture
def house(city: City) -> House:
    return furnish(city)


@pytest.fixture
def phone(app: Machine) -> Phone:
    """Ming's."""
    return sign_in(app)


def asked(phone: Phone, path: str, body: Struct) -> requests.Response:
    return phone.app.request("POST", f"/v1/mobile/{path}", encode(body))


def good(answer: requests.Response, kind: type[Answer]) -> Answer:
    assert answer.status_code in {200, 201}, answer.text
    return msgspec.json.decode(answer.content, type=kind)


def account(phone: Phone) -> Account:
    return good(asked(phone, "account", AccountWanted(token=phone.token)), Account)


def a_hold_wanted(phone: Phone, copy: str, pickup: str = C01, request: UUID | None = None) -> HoldWanted:
    return HoldWanted(token=phone.token, request=request or uuid4(), barcode=copy, pickup=pickup)


def named(phone: Phone, hold: UUID) -> HoldNamed:
    return HoldNamed(token=phone.token, request=uuid4(), hold=hold)


def later(phone: Phone, hold: UUID, until: date) -> HoldLater:
    return HoldLater(token=phone.token, request=uuid4(), hold=hold, until=until)


def elsewhere(phone: Phone, hold: UUID, pickup: str = L12) -> HoldElsewhere:
    return HoldElsewhere(token=phone.token, request=uuid4(), hold=hold, pickup=pickup)


def a_lost(phone: Phone, kind: CardKind = CardKind.EASYCARD) -> OwnCardLost:
    return OwnCardLost(token=phone.token, request=uuid4(), kind=kind)


def held(phone: Phone, copy: str, pickup: str = C01) -> UUID:
    return good(asked(phone, "holds", a_hold_wanted(phone, copy, pickup)), HoldDone).hold


def refused(answer: requests.Response) -> tuple[int, tuple[str, ...]]:
    return answer.status_code, msgspec.json.decode(answer.content, type=HoldRefused).reasons


def trail(city: City, action: str) -> list[tuple[str, str]]:
    return [(entry.actor, entry.outcome) for entry in city.registry.audit(limit=50) if entry.action == action]


def test_r21_who_typed_the_pin_sees_titles_due_dates_queue_cards_and_blocks_and_no_number(house: House, city: City, phone: Phone) -> None:
    give_other_cards(city)
    loan = house.lend("ming", next(iter(house.copies)))
    house.add_title("小王子")
    house.place("mei", title="小王子")
    held(phone, "of 小王子", L12)
    city.registry.add_blocks([BlockRecord(uuid4(), PatronId(city.ming), Block(BlockCode.FEES, date(2026, 5, 1)))])
    found = account(phone)
    assert [(one.loan, one.title, one.due, one.renewals, one.wanted) for one in found.loans] == [(loan, TITLE, date(2026, 4, 10), 0, False)]
    assert [(one.title, one.state, one.queue, one.pickup) for one in found.holds] == [("小王子", "waiting", 2, "L12")]
    assert set(found.cards) == {ShownCard(kind=kind, state=CardState.ACTIVE) for kind in CardKind}
    assert found.blocks == (ShownBlock(code="fees", until=date(2026, 5, 1)),)
    assert (found.masked_name, found.server_time) == ("王○○", city.clock())
    assert not [number for number in (city.ming_card.hex, IPASS.hex, "A123456789", "王小明") if number in repr(found)]


def test_every_look_stands_in_the_trail_under_the_apps_name(city: City, app: Machine, phone: Phone) -> None:
    account(phone)
    assert trail(city, "account shown") == [(f"partner:{app.id}", "done")]


def test_a_loan_that_somebody_waits_for_is_shown_as_wanted(house: House, phone: Phone) -> None:
    house.lend("ming", next(iter(house.copies)))
    house.place("mei")
    assert [one.wanted for one in account(phone).loans] == [True]


def test_a_hold_is_placed_suspended_resumed_moved_and_given_up(house: House, city: City, phone: Phone) -> None:
    hold = held(phone, next(iter(house.copies)))
    until = house.today + timedelta(days=7)
    for path, change in (("suspend", later(phone, hold, until)), ("move", elsewhere(phone, hold))):
        assert good(asked(phone, f"holds/{path}", change), HoldDone).hold == hold
    assert [(one.pickup, one.suspended_until) for one in account(phone).holds] == [("L12", until)]
    good(asked(phone, "holds/resume", named(phone, hold)), HoldDone)
    assert [one.suspended_until for one in account(phone).holds] == [None]
    good(asked(phone, "holds/cancel", named(phone, hold)), HoldDone)
    assert account(phone).holds == ()
    assert trail(city, "hold placed") == [(f"partner:{phone.app.id}", "done")]


def test_a_refused_hold_names_every_reason_and_changes_nothing(house: House, phone: Phone) -> None:
    copy = next(iter(house.copies))
    held(phone, copy)
    assert refused(asked(phone, "holds", a_hold_wanted(phone, copy, "Z99"))) == (422, ("already_held", "branch_unknown"))
    assert refused(asked(phone, "holds", a_hold_wanted(phone, "of nobody"))) == (422, ("item_unknown",))
    today = later(phone, account(phone).holds[0].hold, house.today)
    assert refused(asked(phone, "holds/suspend", today)) == (422, ("day_not_ahead",))
    assert len(account(phone).holds) == 1


def test_another_members_hold_is_no_hold_at_all(house: House, phone: Phone) -> None:
    theirs = house.place("mei")
    for path in ("cancel", "resume"):
        assert refused(asked(phone, f"holds/{path}", named(phone, theirs))) == (404, ("hold_unknown",))
    assert house.state(theirs) == "waiting"


def test_a_request_that_comes_again_is_done_once(house: House, phone: Phone) -> None:
    body = a_hold_wanted(phone, next(iter(house.copies)))
    good(asked(phone, "holds", body), HoldDone)
    again = asked(phone, "holds", body)
    assert (again.status_code, problem_of(again).code) == (409, "replayed")
    assert len(account(phone).holds) == 1


def test_q6_1a_a_member_stops_the_lost_card_in_the_app_at_any_hour_and_kiosks_hear_of_it(city: City, kiosk: Kiosk, phone: Phone) -> None:
    assert good(asked(phone, "losses", a_lost(phone)), OwnCardStopped) == OwnCardStopped(kind=CardKind.EASYCARD, already=False)
    assert cards_heard(city, kiosk)[-1] == (key(city, city.ming_card), "lost")
    assert account(phone).cards == (ShownCard(kind=CardKind.EASYCARD, state=CardState.LOST),)
    assert phone.code()  # R14: the mobile card goes on
    assert good(asked(phone, "losses", a_lost(phone)), OwnCardStopped).already


def test_a_card_that_the_member_has_not_can_not_be_lost(phone: Phone) -> None:
    answer = asked(phone, "losses", a_lost(phone, CardKind.IPASS))
    assert (answer.status_code, problem_of(answer).code) == (404, "no_such_record")


@pytest.mark.parametrize("path", ["account", "losses", "holds", "holds/cancel", "holds/suspend", "holds/resume", "holds/move"])
def test_a_device_that_is_signed_out_does_nothing_any_more(house: House, phone: Phone, path: str) -> None:
    hold = house.place("ming")
    bodies: dict[str, Struct] = {
        "account": AccountWanted(token=phone.token),
        "losses": a_lost(phone),
        "holds": a_hold_wanted(phone, next(iter(house.copies))),
        "holds/suspend": later(phone, hold, house.today + timedelta(days=2)),
        "holds/move": elsewhere(phone, hold),
    }
    phone.sign_out()
    answer = asked(phone, path, bodies.get(path, named(phone, hold)))
    assert (answer.status_code, problem_of(answer).code) == (403, "signed_out")
    assert house.state(hold) == "waiting"


def test_another_apps_token_opens_nothing(city: City, url: str, phone: Phone) -> None:
    other = Phone(a_machine(url, city, name="行動台北卡"), phone.token)
    answer = asked(other, "account", AccountWanted(token=phone.token))
    assert (answer.status_code, problem_of(answer).code) == (403, "signed_out")


def test_a_member_sees_nobody_elses_account(house: House, city: City, app: Machine) -> None:
    give_pin(city, city.hua)
    house.lend("ming", next(iter(house.copies)))
    assert account(sign_in(app, HUAS_ID)).loans == ()


class TestWithLimits:
    @pytest.fixture
    def settings(self) -> RegistrySettings:
        return RegistrySettings(look=timedelta(hours=1), sign_in_answer=timedelta(), member_requests_a_minute=3)

    def test_a_device_asks_so_often_a_minute(self, city: City, phone: Phone) -> None:
        def ask() -> int:
            return asked(phone, "account", AccountWanted(token=phone.token)).status_code

        assert [ask() for _ in range(4)] == [200, 200, 200, 429]
        city.clock.pass_(minutes=1)
        assert ask() == 200
