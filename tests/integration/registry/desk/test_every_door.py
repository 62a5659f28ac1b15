"""Q6-4 and R5: what a number opens, asked at every door there is: before, after a loss report, after the replacement."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from circulation.cards import CardUid
from circulation.facts import CheckedOut
from circulation.ids import PatronId
from circulation.reasons import Reason
from registry.cards.store_losses import LossChannel
from registry.desk.losing import IdentityItem, LossCall
from registry.desk.questions import ByName, ByNationalId, ByNumber
from registry.desk.refusals import DeskRefusal, DeskRefusedError
from registry.enrolment.store import PatronRecord
from tests.integration.registry.city import City, Kiosk, a_checkout
from tests.integration.registry.desk.counter import NEW, STAFF, another_process, cards_heard, key, replace
from tests.integration.registry.rosters.counter import Counter
from tests.integration.registry.test_snapshots import manifest_of, opened
from tests.unit.registry.rosters.roster_files import a_pupil
from youyue.cli import main

NOTHING = "no such record"
ACTIVE, LOST = "active", "lost"


def where_rosters_come_in(city: City, folder: Path) -> Counter:
    return Counter(city, city.registry.rosters, folder, [])


@dataclass
class Doors:
    """Everything that takes a card's number, or a key made of one, and what it says."""

    city: City
    kiosk: Kiosk
    folder: Path
    capsys: pytest.CaptureFixture[str]

    def say_of(self, uid: CardUid) -> dict[str, str]:
        doors: list[Callable[[CardUid], str]] = [
            self.snapshot,
            self.feed,
            self.search,
            self.desk,
            self.other_process,
            self.command,
            self.facts,
        ]
        return {door.__name__: door(uid) for door in doors}

    def snapshot(self, uid: CardUid) -> str:
        """A kiosk that is set up now."""
        built = manifest_of(self.kiosk)
        file = opened(self.kiosk, self.folder, built)
        rows = file.execute("SELECT state FROM card WHERE key = ?", (self.city.key_of(uid),)).fetchall()
        file.close()
        said = [row[0] for row in rows]
        # Later changes come by the feed, as they do to a kiosk that has this snapshot.
        said += [state or NOTHING for found, state in cards_heard(self.city, self.kiosk, built.cursor) if found == key(self.city, uid)]
        return said[-1] if said else NOTHING

    def feed(self, uid: CardUid) -> str:
        """A kiosk that has been there all the time and holds the rows of the beginning."""
        heard = [state or NOTHING for found, state in cards_heard(self.city, self.kiosk) if found == key(self.city, uid)]
        at_first = ACTIVE if uid in {self.city.ming_card, self.city.hua_card} else NOTHING
        return heard[-1] if heard else at_first

    def search(self, uid: CardUid) -> str:
        found = self.city.registry.desk.cards.find(ByNumber(uid), by="lin")
        return next((str(card.state) for patron in found for card in patron.cards if card.uid == uid), NOTHING)

    def desk(self, uid: CardUid) -> str:
        try:
            return str(self.city.registry.desk.cards.card(uid).state)
        except DeskRefusedError as error:
            return NOTHING if error.code is DeskRefusal.NO_SUCH_RECORD else str(error)

    def other_process(self, uid: CardUid) -> str:
        with another_process(self.city) as registry:
            found = registry.desk.cards.find(ByNumber(uid), by="lin")
        return next((str(card.state) for patron in found for card in patron.cards if card.uid == uid), NOTHING)

    def command(self, uid: CardUid) -> str:
        database = ["--database", self.city.home.url] if self.city.home.url else []
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["registry", "cards", "show", uid.hex, "--folder", str(self.city.home.folder), *database])
        said = self.capsys.readouterr()
        if ended.value.code:
            assert said.err.endswith("youyue: 查無該證資料 / No such record.\n")
            assert not said.out
            return NOTHING
        return LOST if f"number ends in {uid.hex[-4:]}, reported lost" in said.out else ACTIVE

    def facts(self, uid: CardUid) -> str:
        """The API: a loan on this card, as a kiosk makes one that has not heard of anything."""
        fact: CheckedOut = a_checkout(self.city.ming, uuid7(), card=self.city.key_of(uid))
        (result,) = self.kiosk.push(self.kiosk.seq + 1, self.kiosk.envelope(fact))
        if Reason.CARD_UNKNOWN in result.reasons:
            return NOTHING
        return LOST if Reason.CARD_LOST in result.reasons else ACTIVE


@pytest.fixture
def doors(city: City, kiosk: Kiosk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Doors:
    return Doors(city, kiosk, tmp_path, capsys)


def test_q6_4_and_r5_old_and_new_never_both_work_at_any_door(city: City, doors: Doors) -> None:
    assert set(doors.say_of(city.ming_card).values()) == {ACTIVE}
    assert set(doors.say_of(NEW).values()) == {NOTHING}
    call = LossCall(city.ming_card, LossChannel.PHONE, frozenset({IdentityItem.NAME, IdentityItem.BIRTH_DATE}))
    city.registry.desk.losses.lose(call, by=STAFF)
    assert set(doors.say_of(city.ming_card).values()) == {LOST}
    assert set(doors.say_of(NEW).values()) == {NOTHING}
    replace(city)
    assert set(doors.say_of(city.ming_card).values()) == {NOTHING}
    assert set(doors.say_of(NEW).values()) == {ACTIVE}


def test_q6_4_nothing_can_be_done_with_an_old_number_at_the_desk(city: City) -> None:
    replace(city)
    old, losses = city.ming_card, city.registry.desk.losses
    call = LossCall(old, LossChannel.DESK, frozenset({IdentityItem.NAME, IdentityItem.PAPERS}))
    acts: list[Callable[[], object]] = [
        lambda: losses.lose(call, by=STAFF),
        lambda: losses.restore(old, because="found", by=STAFF),
        lambda: losses.confirm(old, by=STAFF),
    ]
    for act in acts:
        with pytest.raises(DeskRefusedError) as refused:
            act()
        assert refused.value.code is DeskRefusal.NO_SUCH_RECORD


def test_q6_4_a_roster_finds_nobody_by_an_old_number(city: City, tmp_path: Path) -> None:
    """A row is matched by national ID and birth date alone (R3); the old number binds nobody, and leads to no patron's row."""
    counter = where_rosters_come_in(city, tmp_path)
    replace(city)
    before = city.sql("SELECT * FROM card ORDER BY uid"), city.sql("SELECT * FROM patron ORDER BY id")
    stranger = counter.bureau(a_pupil(name="林大雙", national_id="W234567893", born="1030506", card=city.ming_card.hex))
    assert (counter.outcomes(stranger), dict(stranger.cases)) == ({"held": 1}, {"number_bound_elsewhere": 1})
    himself = counter.bureau(a_pupil(national_id="A123456789", born="2014-05-06", card=city.ming_card.hex))
    assert (counter.outcomes(himself), dict(himself.cases)) == ({"held": 1}, {"number_replaced": 1})
    assert (city.sql("SELECT * FROM card ORDER BY uid"), city.sql("SELECT * FROM patron ORDER BY id")) == before


def test_a_number_that_a_roster_replaced_is_no_such_record_either(city: City, tmp_path: Path, doors: Doors) -> None:
    where_rosters_come_in(city, tmp_path).bureau(a_pupil(national_id="A123456789", born="2014-05-06", card=NEW.hex))
    assert set(doors.say_of(city.ming_card).values()) == {NOTHING}
    assert set(doors.say_of(NEW).values()) == {ACTIVE}
    ((batch,),) = city.sql("SELECT id FROM roster_batch")
    assert city.sql("SELECT patron, batch FROM former_card") == [(city.ming.bytes, batch)]


@pytest.mark.parametrize("written", ["王小明", " 王 小明 ", "王小明\u3000"])
def test_r16_staff_find_a_patron_by_number_national_id_and_folded_name(city: City, written: str) -> None:
    find = partial(city.registry.desk.cards.find, by="lin")
    (by_number,) = find(ByNumber(city.ming_card))
    assert (by_number.id, by_number.masked_name, by_number.regular_at) == (city.ming, "王○○", "C01")
    assert find(ByNationalId.written("ａ123456789")) == find(ByName.written(written)) == [by_number]
    assert find(ByNationalId.written("A123456780")) == find(ByName.written("王")) == []


def test_r16_a_name_is_stored_as_received_and_folded_beside_it(city: City) -> None:
    city.registry.add_patrons([PatronRecord(PatronId(UUID(int=9)), "Ａnna  Li")])
    assert city.sql("SELECT name, folded_name FROM patron WHERE folded_name = 'annali'") == [("Ａnna  Li", "annali")]


def test_of_a_patron_staff_are_shown_no_full_name_and_no_national_id(city: City) -> None:
    shown = repr(city.registry.desk.cards.find(ByNumber(city.ming_card), by="lin"))
    assert not [secret for secret in ("王小明", "A123456789", "2014") if secret in shown]
