"""A member signs in on a phone through a registered app: by PIN, counted as everywhere, and nobody learns whether a number is anybody's."""

from datetime import timedelta
from uuid import uuid4

import pytest
import requests
from sqlalchemy import delete

from circulation.cards import CardKind, CardState
from circulation.ids import PatronId
from registry.cards.store_losses import LossChannel
from registry.cards.tables import card
from registry.desk.losing import IdentityItem, LossCall
from registry.desk.tables import pin
from registry.enrolment.tables import patron
from registry.mobile import store_devices
from registry.settings import RegistrySettings
from tests.integration.registry.city import City, problem_of
from tests.integration.registry.desk.counter import NEW, replace
from tests.integration.registry.machine import Machine, a_machine
from tests.integration.registry.mobile.phone import HUAS_ID, MINGS_ID, NOBODYS_ID, PIN, WRONG, asked_in, give_pin, read, sign_in, signed_out

PATH = "/v1/mobile/sign-ins"


def trail(city: City, action: str) -> list[tuple[str, str]]:
    return [(entry.actor, entry.outcome) for entry in city.registry.audit(limit=50) if entry.action == action]


def test_a_member_signs_in_with_the_national_id_or_a_cards_number(city: City, app: Machine) -> None:
    for account in (MINGS_ID, "04:a3:2b:1c"):
        assert read(sign_in(app, account).code()).patron == city.ming
    assert trail(city, "mobile sign-in") == [(f"partner:{app.id}", "done")] * 2


def test_neither_token_nor_pin_nor_number_is_kept(city: City, app: Machine) -> None:
    phone = sign_in(app)
    rows = repr(city.sql("SELECT * FROM mobile_device")) + repr(city.sql("SELECT * FROM audit"))
    assert phone.token not in city.sql("SELECT token_digest FROM mobile_device")[0]
    assert not [secret for secret in (PIN, MINGS_ID, phone.token.hex(), "王小明") if secret in rows]


def test_the_answer_is_the_same_for_nobody_for_a_wrong_pin_for_none_and_for_a_locked_one(city: City, app: Machine) -> None:
    def said(account: str, typed: str) -> tuple[int, bytes]:
        answer = app.request("POST", PATH, asked_in(account, typed))
        return answer.status_code, answer.content

    wrong = said(MINGS_ID, WRONG)
    assert (wrong[0], b"sign_in_refused" in wrong[1]) == (403, True)
    assert {said(NOBODYS_ID, PIN), said(HUAS_ID, PIN), said("04FFFFFF", PIN), said("\0", PIN)} == {wrong}
    for _ in range(4):
        said(MINGS_ID, WRONG)
    assert city.sql("SELECT failures FROM pin") == [(5,)]
    assert said(MINGS_ID, PIN) == wrong  # locked
    assert city.registry.counts()["mobile_device"] == 0
    assert set(trail(city, "mobile sign-in")) == {(f"partner:{app.id}", "refused")}


def test_tries_in_an_app_and_at_a_kiosk_are_counted_together(city: City, app: Machine) -> None:
    for _ in range(4):
        app.request("POST", PATH, asked_in(pin=WRONG))
    assert city.registry.desk.pins.check(city.ming, WRONG, by="kiosk:1").locked_until is not None


class TestWithThePublicsLimits:
    @pytest.fixture
    def settings(self) -> RegistrySettings:
        return RegistrySettings(
            gather=timedelta(milliseconds=20), look=timedelta(hours=1), sign_in_answer=timedelta(milliseconds=1), sign_ins_a_minute=8
        )

    def test_one_number_is_tried_five_times_in_a_quarter_of_an_hour_whether_or_not_it_is_anybodys(self, city: City, app: Machine) -> None:
        def tried(account: str) -> list[int]:
            return [app.request("POST", PATH, asked_in(account, WRONG)).status_code for _ in range(6)]

        assert tried(NOBODYS_ID) == [403] * 5 + [429]
        city.clock.pass_(minutes=1)
        assert tried(MINGS_ID) == [403] * 5 + [429]
        answer = app.request("POST", PATH, asked_in())
        assert (answer.status_code, problem_of(answer).code, int(answer.headers["Retry-After"])) == (429, "too_many", 900)
        city.clock.pass_(minutes=15)
        give_pin(city, city.ming)
        sign_in(app)

    def test_one_app_signs_so_many_in_a_minute(self, app: Machine) -> None:
        answers = [app.request("POST", PATH, b"{}").status_code for _ in range(9)]
        assert answers == [400] * 8 + [429]


def test_a_sign_in_that_is_sent_again_makes_no_second_device_and_counts_no_second_try(city: City, app: Machine) -> None:
    for typed, status in ((WRONG, 403), (PIN, 201)):
        prepared = app.signed("POST", PATH, asked_in(pin=typed))
        answers = [app.session.send(prepared, timeout=30) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [status, 409, 409]
        assert problem_of(answers[2]).code == "replayed"
    assert city.registry.counts()["mobile_device"] == 1
    assert city.sql("SELECT failures FROM pin") == [(0,)]


def test_the_same_request_key_of_another_app_is_another_request_and_old_ones_are_forgotten(city: City, url: str, app: Machine) -> None:
    key, other = uuid4(), a_machine(url, city, name="行動台北卡")
    assert [one.request("POST", PATH, asked_in(request=key)).status_code for one in (app, other, app)] == [201, 201, 409]
    city.clock.pass_(minutes=21)
    sign_in(app)
    assert city.registry.counts()["partner_request"] == 1


def test_a_malformed_sign_in_is_refused_and_counts_no_try(city: City, app: Machine) -> None:
    for body in (b"", b"[]", b"{}", asked_in(device=""), asked_in(device="a\x1bb"), asked_in(pin="1" * 13), asked_in("x" * 41)):
        answer = app.request("POST", PATH, body)
        assert (answer.status_code, problem_of(answer).code) == (400, "malformed"), body
    assert city.sql("SELECT failures FROM pin") == [(0,)]


def test_r14_a_patron_is_signed_in_on_several_devices_and_the_oldest_makes_room(city: City, app: Machine) -> None:
    phones = []
    for name in ("一", "二", "三", "四"):
        phones.append(sign_in(app, device=name))
        city.clock.pass_(hours=1)
    assert phones[0].refused() == "signed_out"
    assert len({read(phone.code()).patron for phone in phones[1:]}) == 1


def test_r14_a_mobile_card_stays_when_a_card_is_lost_or_replaced(city: City, app: Machine) -> None:
    phone = sign_in(app)
    call = LossCall(city.ming_card, LossChannel.DESK, frozenset({IdentityItem.NAME, IdentityItem.PAPERS}))
    city.registry.desk.losses.lose(call, by="staff:lin")
    assert read(phone.code()).patron == city.ming
    replace(city, NEW)
    assert read(phone.code()).patron == city.ming
    sign_in(app)


def test_q8_b_a_patron_without_any_card_has_a_mobile_card(city: City, app: Machine) -> None:
    with city.registry.database.unit_of_work() as work:
        work.connection.execute(delete(card).where(card.c.patron == city.ming))
        work.commit()
    assert read(sign_in(app).code()).patron == city.ming


def test_r14_a_mobile_card_ends_with_the_account(city: City, app: Machine) -> None:
    phone = sign_in(app)
    assert city.registry.database.write(lambda work: store_devices.sign_out_patrons(work, [PatronId(city.ming)], at=city.clock())) == 1
    assert phone.refused() == "signed_out"
    again = sign_in(app)
    with city.registry.database.unit_of_work() as work:
        work.connection.execute(delete(card).where(card.c.patron == city.ming))
        work.connection.execute(delete(pin).where(pin.c.patron == city.ming))
        work.connection.execute(delete(patron).where(patron.c.id == city.ming))
        work.commit()
    assert again.refused() == "signed_out"
    assert city.registry.counts()["mobile_device"] == 0


def test_r14_the_patron_signs_out_all_devices_in_every_app(city: City, url: str, app: Machine) -> None:
    other = a_machine(url, city, name="行動台北卡")
    mine, tablet, elsewhere = sign_in(app), sign_in(app, device="平板"), sign_in(other)
    give_pin(city, city.hua)
    another = sign_in(app, HUAS_ID)
    assert signed_out(mine.sign_out(everywhere=True)) == 3
    assert {phone.refused() for phone in (mine, tablet, elsewhere)} == {"signed_out"}
    assert read(another.code()).patron == city.hua
    assert mine.sign_out(everywhere=True).status_code == 403
    assert trail(city, "mobile sign-out everywhere") == [(f"partner:{app.id}", "done")]


def test_signing_out_everywhere_again_by_a_replay_leaves_a_new_device_alone(app: Machine) -> None:
    mine, request = sign_in(app), uuid4()
    signed_out(mine.sign_out(everywhere=True, request=request))
    fresh = sign_in(app)
    mine.token = fresh.token
    answer = mine.sign_out(everywhere=True, request=request)
    assert (answer.status_code, problem_of(answer).code) == (409, "replayed")
    fresh.code()


def test_one_device_is_signed_out_and_the_others_stay(app: Machine) -> None:
    phone, tablet = sign_in(app), sign_in(app)
    assert [signed_out(phone.sign_out()) for _ in range(2)] == [1, 0]
    assert phone.refused() == "signed_out"
    tablet.code()


def test_a_token_is_good_in_its_own_app_only_and_not_for_ever(city: City, url: str, app: Machine) -> None:
    phone = sign_in(app)
    thief = a_machine(url, city, name="another app")
    stolen = type(phone)(thief, phone.token)
    assert (stolen.refused(), signed_out(stolen.sign_out()), stolen.sign_out(everywhere=True).status_code) == ("signed_out", 0, 403)
    city.clock.pass_(days=179)
    phone.code()
    city.clock.pass_(days=179)
    phone.code()
    city.clock.pass_(days=180, seconds=1)
    assert phone.refused() == "signed_out"


def test_the_card_of_a_member_is_no_other_for_having_a_phone(city: City, app: Machine) -> None:
    sign_in(app)
    assert city.sql("SELECT kind, state FROM card ORDER BY uid") == [(CardKind.EASYCARD, CardState.ACTIVE)] * 2


def test_a_revoked_app_has_no_codes_any_more(city: City, app: Machine) -> None:
    phone = sign_in(app)
    city.registry.desk.partners.revoke(app.id, by="staff:lin")
    assert phone.refused() == "partner_revoked"


def test_nobody_but_an_app_asks(url: str) -> None:
    for path in ("sign-ins", "codes", "sign-out", "sign-out-everywhere"):
        assert requests.post(f"{url}/v1/mobile/{path}", data=b"{}", timeout=30).status_code == 401
