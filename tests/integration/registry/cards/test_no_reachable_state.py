"""Card life as a machine of states: whatever is done in whatever order, two cards of one kind never work, an old number never answers,
and whoever found a card never learns a name (Q6-2, Q6-4, Q9-b, R5, R13). The registry and the kiosk that follows its feed are the real ones.
"""

import os
import tempfile
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from uuid_utils.compat import uuid7

from circulation.cards import CardKind, CardUid
from circulation.ids import BranchCode, PatronId
from kiosk.view import CardRefused, Home, Refusal
from registry.cards.store import of_patrons
from registry.cards.store_losses import LossChannel
from registry.desk.losing import IdentityItem, LossCall
from registry.desk.questions import ByNumber
from registry.desk.refusals import DeskRefusedError
from registry.desk.replacing import NewCardOrder
from registry.enrolment.store import PatronRecord
from registry.exchange.changes import read_slice
from registry.house import Registry
from registry.lending.store import Branch
from registry.outside import Outside
from tests.integration.registry.city import Clock
from tests.kiosk_world import CARD_SECRET, World, a_kiosk

NUMBERS = tuple(f"04C0FFE{digit:X}" for digit in range(9))
KINDS = (CardKind.EASYCARD, CardKind.IPASS)
PEOPLE = (("王小明", "A123456789", date(2014, 5, 6)), ("林大雙", "W234567893", date(2013, 1, 2)))
PROVED = frozenset({IdentityItem.NAME, IdentityItem.BIRTH_DATE})

numbers, kinds, whose = st.sampled_from(NUMBERS), st.sampled_from(KINDS), st.integers(0, len(PEOPLE) - 1)


class CardLife(RuleBasedStateMachine):
    """Two patrons, nine numbers, two kinds of card; each rule may be refused, and then nothing may have changed."""

    def __init__(self) -> None:
        super().__init__()
        self._given_back = ExitStack()
        self.ever: set[str] = set()

    @initialize()
    def open_the_library(self) -> None:
        folder = Path(self._given_back.enter_context(tempfile.TemporaryDirectory()))
        (folder / "registry" / "keys").mkdir(mode=0o700, parents=True)
        secret = folder / "registry" / "keys" / "card-key-1.key"
        secret.write_bytes(CARD_SECRET)
        secret.chmod(0o600)
        self.registry = Registry.open(folder / "registry", Outside(Clock(), uuid7, os.urandom))
        self._given_back.callback(self.registry.close)
        self.people = [PatronId(uuid7()) for _ in PEOPLE]
        self.registry.add_branches([Branch(BranchCode("C01"), "總館")])
        self.registry.add_patrons(
            PatronRecord(key, name, number, born) for key, (name, number, born) in zip(self.people, PEOPLE, strict=True)
        )
        self.kiosk: World = a_kiosk(folder)
        self._given_back.callback(self.kiosk.core.close)

    def teardown(self) -> None:
        self._given_back.close()

    @rule(person=whose, kind=kinds, number=numbers)
    def give(self, person: int, kind: CardKind, number: str) -> None:
        seen = self.cards_of(person).get(kind)
        order = NewCardOrder(self.people[person], kind, CardUid.from_hex(number), seen)
        self.attempt(lambda: self.registry.desk.cards.replace(order, by="test"))

    @rule(number=numbers)
    def lose(self, number: str) -> None:
        self.attempt(lambda: self.registry.desk.losses.lose(LossCall(CardUid.from_hex(number), LossChannel.PHONE, PROVED), by="test"))

    @rule(person=whose, kind=kinds)
    def lose_online(self, person: int, kind: CardKind) -> None:
        self.attempt(lambda: self.registry.desk.losses.lose_online(self.people[person], kind, by="test"))

    @rule(person=whose, kind=kinds)
    def lose_by_identity(self, person: int, kind: CardKind) -> None:
        _, number, born = PEOPLE[person]
        self.registry.desk.losses.lose_by_identity(number, born, kind, reporter="test", branch="C01")

    @rule(number=numbers)
    def restore(self, number: str) -> None:
        self.attempt(lambda: self.registry.desk.losses.restore(CardUid.from_hex(number), because="found", by="test"))

    @rule(number=numbers)
    def hand_in(self, number: str) -> None:
        self.attempt(lambda: self.registry.desk.life.hand_in(CardUid.from_hex(number), by="test"))

    @rule(number=numbers)
    def cancel(self, number: str) -> None:
        self.attempt(lambda: self.registry.desk.life.cancel(CardUid.from_hex(number), by="test"))

    @invariant()
    def only_what_is_on_record_answers(self) -> None:
        self.follow()
        on_record = {uid.hex: person for person in range(len(PEOPLE)) for uid in self.cards_of(person).values()}
        self.ever |= on_record.keys()
        opened: set[tuple[UUID, str]] = set()
        for number in NUMBERS:
            found = self.registry.desk.cards.find(ByNumber(CardUid.from_hex(number)), by="test")
            assert [one.id for one in found] == [self.people[on_record[number]] for _ in range(number in on_record)]
            before = len(self.kiosk.outlet.views)
            screen = self.kiosk.tap(number)
            shown = repr(self.kiosk.outlet.views[before:])
            if isinstance(screen, Home):
                person = on_record[number]
                kind = next(card.kind for card in found[0].cards if card.uid.hex == number)
                assert (self.people[person], kind) not in opened, "two cards of one kind work"
                opened.add((self.people[person], kind))
            else:
                assert isinstance(screen, CardRefused)
                assert screen.refusal is (Refusal.LOST if number in on_record else Refusal.UNKNOWN), "an old number answers"
                assert not [name for name, _, _ in PEOPLE if name[0] in shown], "a finder learns a name"
            self.kiosk.finish()
            self.kiosk.wait(20)

    def follow(self) -> None:
        """The kiosk hears everything that has happened."""
        with self.registry.database.reading() as connection:
            changes = read_slice(connection, self.kiosk.cursor, "C01").changes
        if changes:
            self.kiosk.receive(*changes)

    def cards_of(self, person: int) -> dict[CardKind, CardUid]:
        with self.registry.database.reading() as connection:
            return {one.kind: one.uid for one in of_patrons(connection, [self.people[person]])}

    def attempt(self, act: object) -> None:
        before = self.everything()
        try:
            act()  # type: ignore[operator]  # a use case without its arguments
        except DeskRefusedError:
            assert self.everything() == before, "what was refused changed a card"

    def everything(self) -> list[tuple[object, ...]]:
        with self.registry.database.reading() as connection:
            return [tuple(row) for row in connection.exec_driver_sql("SELECT uid, patron, kind, state FROM card ORDER BY uid")]


def test_q6_2_q6_4_q9_b_and_r5_no_order_of_events_leads_to_a_card_that_answers_when_it_must_not() -> None:
    run_state_machine_as_test(CardLife, settings=settings(max_examples=12, stateful_step_count=20, deadline=None))
