"""Card life as a machine of states: whatever is done in whatever order, two cards of one kind never work, an old number never answers,
and whoever found a card never learns a name (Q6-2, Q6-4, Q9-b, R5, R13). Librarians, the Bureau's feeds, withdrawn consents, merges
and merges undone take turns. The registry and the kiosk that follows its feed are the real ones.
"""

import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import text
from uuid_utils.compat import uuid7

from circulation.cards import CardKind, CardUid
from circulation.ids import BranchCode, PatronId
from kiosk.refusal import Refusal
from kiosk.view import CardRefused, Home
from registry.cards.store_losses import LossChannel
from registry.desk.losing import IdentityItem, LossCall
from registry.desk.questions import ByNumber
from registry.desk.refusals import DeskRefusedError
from registry.desk.replacing import NewCardOrder
from registry.exchange.changes import read_slice
from registry.house import Registry
from registry.lending.store import Branch
from registry.merges.desk import MergeRefusedError
from registry.merges.rules import MergeOrder
from registry.outside import Outside
from registry.people.ages import Signer
from registry.people.refusals import PeopleRefusedError
from registry.people.withdrawing import WithdrawalForm
from registry.rosters.rows import LeavingRow, RosterRow
from tests.integration.registry.city import Clock
from tests.integration.registry.rosters.feeds import BORN, HUA, LIN, MING, arrival, cancelled, handed_in, loss, pupil, reissue
from tests.kiosk_world import CARD_SECRET, World, a_kiosk

NUMBERS = tuple(f"04C0FFE{digit:X}" for digit in range(6))
KINDS = (CardKind.EASYCARD, CardKind.IPASS)
PEOPLE = (MING, LIN, HUA)
PROVED = frozenset({IdentityItem.NAME, IdentityItem.BIRTH_DATE})
REFUSALS = (DeskRefusedError, MergeRefusedError, PeopleRefusedError)

numbers, kinds, whose, days = (
    st.sampled_from(NUMBERS),
    st.sampled_from(KINDS),
    st.sampled_from(PEOPLE),
    st.dates(date(2026, 3, 8), date(2026, 3, 11)),
)


class Kept(Enum):
    """Whose card of a kind that both have stays when two accounts become one."""

    THE_SURVIVORS = auto()
    THE_OTHERS = auto()


@dataclass(frozen=True)
class OnRecord:
    """A card that the registry has: whose, of which kind, in which state."""

    patron: UUID
    kind: CardKind
    state: str


class CardLife(RuleBasedStateMachine):
    """Three pupils of the programme, six numbers, two kinds of card; each rule may be refused, and then nothing may have changed."""

    def __init__(self) -> None:
        super().__init__()
        self._given_back = ExitStack()
        self.merged: list[UUID] = []

    @initialize()
    def open_the_library(self) -> None:
        folder = Path(self._given_back.enter_context(tempfile.TemporaryDirectory()))
        (folder / "registry" / "keys").mkdir(mode=0o700, parents=True)
        secret = folder / "registry" / "keys" / "card-key-1.key"
        secret.write_bytes(CARD_SECRET)
        secret.chmod(0o600)
        self.registry = Registry.open(folder / "registry", Outside(Clock(), uuid7, os.urandom))
        self._given_back.callback(self.registry.close)
        self.registry.add_branches([Branch(BranchCode("C01"), "總館")])
        for who, number in zip(PEOPLE, NUMBERS, strict=False):
            self.bring(pupil(who, number))
        self.kiosk: World = a_kiosk(folder)
        self._given_back.callback(self.kiosk.core.close)

    def teardown(self) -> None:
        self._given_back.close()

    @rule(who=whose, kind=kinds, number=numbers)
    def give(self, who: str, kind: CardKind, number: str) -> None:
        seen = next((CardUid.from_hex(hex_) for hex_, card in self.cards_of(who).items() if card.kind is kind), None)
        order = NewCardOrder(self.account_of(who), kind, CardUid.from_hex(number), seen)
        self.attempt(lambda: self.registry.desk.cards.replace(order, by="test"), may_bind=True)

    @rule(number=numbers)
    def lose(self, number: str) -> None:
        self.attempt(lambda: self.registry.desk.losses.lose(LossCall(CardUid.from_hex(number), LossChannel.PHONE, PROVED), by="test"))

    @rule(who=whose, kind=kinds)
    def lose_online(self, who: str, kind: CardKind) -> None:
        self.attempt(lambda: self.registry.desk.losses.lose_online(self.account_of(who), kind, by="test"))

    @rule(who=whose, kind=kinds)
    def lose_by_identity(self, who: str, kind: CardKind) -> None:
        self.registry.desk.losses.lose_by_identity(who, BORN[who], kind, reporter="test", branch="C01")

    @rule(number=numbers)
    def restore(self, number: str) -> None:
        self.attempt(lambda: self.registry.desk.losses.restore(CardUid.from_hex(number), because="found", by="test"))

    @rule(number=numbers)
    def hand_in(self, number: str) -> None:
        self.attempt(lambda: self.registry.desk.life.hand_in(CardUid.from_hex(number), by="test"))

    @rule(number=numbers)
    def cancel(self, number: str) -> None:
        self.attempt(lambda: self.registry.desk.life.cancel(CardUid.from_hex(number), by="test"))

    @rule(who=whose, number=numbers)
    def the_bureau_lists(self, who: str, number: str) -> None:
        self.attempt(lambda: self.bring(pupil(who, number)), may_bind=True)

    @rule(who=whose, number=numbers, on=days)
    def the_bureau_reissues(self, who: str, number: str, on: date) -> None:
        self.attempt(lambda: self.bring(reissue(who, number, on)), may_bind=True)

    @rule(who=whose, on=days, number=st.none() | numbers)
    def the_bureau_hears_of_a_loss(self, who: str, on: date, number: str | None) -> None:
        self.attempt(lambda: self.bring(loss(who, on, card=number)))

    @rule(who=whose, on=days, leaving=st.sampled_from((handed_in, cancelled)))
    def the_pupil_leaves_school(self, who: str, on: date, leaving: Callable[[str, date], LeavingRow]) -> None:
        self.attempt(lambda: self.bring(leaving(who, on)))

    @rule(who=whose, signed_by=st.sampled_from(Signer))
    def the_consent_is_withdrawn(self, who: str, signed_by: Signer) -> None:
        form = WithdrawalForm(self.account_of(who), signed_by, branch="C01")
        self.attempt(lambda: self.registry.people.withdrawals.withdraw(form, by="test"))

    @rule(pair=st.permutations(PEOPLE), kept=st.sampled_from(Kept))
    def two_accounts_are_merged(self, pair: list[str], kept: Kept) -> None:
        one, other = pair[:2]
        survivor, vanished = self.account_of(one), self.account_of(other)
        both = {card.kind for card in self.cards_of(one).values()} & {card.kind for card in self.cards_of(other).values()}
        order = MergeOrder(survivor, vanished, "one person", dict.fromkeys(both, survivor if kept is Kept.THE_SURVIVORS else vanished))
        self.attempt(lambda: self.merged.append(self.registry.casework.merges.merge(order, by="test")))

    @precondition(lambda self: self.merged)
    @rule(which=st.integers(0, 9))
    def a_merge_is_undone(self, which: int) -> None:
        key = self.merged[which % len(self.merged)]
        self.attempt(lambda: self.registry.casework.merges.undo(key, because="two people", by="test"), may_bind=True)

    @invariant()
    def only_what_is_on_record_answers(self) -> None:
        self.follow()
        on_record = self.on_record()
        names = self.names()
        opened: set[tuple[UUID, CardKind]] = set()
        for number in NUMBERS:
            card = on_record.get(number)
            found = self.registry.desk.cards.find(ByNumber(CardUid.from_hex(number)), by="test")
            assert [one.id for one in found] == ([] if card is None else [card.patron])
            before = len(self.kiosk.outlet.views)
            screen = self.kiosk.tap(number)
            shown = repr(self.kiosk.outlet.views[before:])
            if isinstance(screen, Home):
                assert card is not None, "an old number answers"
                assert (card.patron, card.kind) not in opened, "two cards of one kind work"
                opened.add((card.patron, card.kind))
            else:
                assert isinstance(screen, CardRefused)
                assert screen.refusal is (Refusal.UNKNOWN if card is None else Refusal.LOST)
                assert not [name for name in names if name[0] in shown], "a finder learns a name"
            self.kiosk.finish()
            self.kiosk.wait(20)

    def follow(self) -> None:
        """The kiosk hears everything that has happened."""
        with self.registry.database.reading() as connection:
            changes = read_slice(connection, self.kiosk.cursor, "C01").changes
        if changes:
            self.kiosk.receive(*changes)

    def bring(self, row: RosterRow) -> None:
        self.registry.rosters.batches.bring(arrival(row), by="test", at_once=True)

    def account_of(self, who: str) -> PatronId:
        """The account that answers to a national ID, the other one's after a merge; one that nobody has when there is none."""
        found = self.sql(
            "SELECT id FROM patron WHERE national_id = :who UNION SELECT patron FROM national_id_alias WHERE national_id = :who", who=who
        )
        return PatronId(UUID(bytes=found[0][0])) if found else PatronId(uuid7())

    def cards_of(self, who: str) -> dict[str, OnRecord]:
        account = self.account_of(who)
        return {number: card for number, card in self.on_record().items() if card.patron == account}

    def on_record(self) -> dict[str, OnRecord]:
        rows = self.sql("SELECT uid, patron, kind, state FROM card")
        return {uid: OnRecord(UUID(bytes=patron), CardKind(kind), state) for uid, patron, kind, state in rows}

    def names(self) -> list[str]:
        return [name for (name,) in self.sql("SELECT name FROM patron WHERE name <> ''")]

    def sql(self, query: str, **bound: str) -> list[tuple[Any, ...]]:
        with self.registry.database.reading() as connection:
            return [tuple(row) for row in connection.execute(text(query), bound)]

    def attempt(self, act: Callable[[], object], *, may_bind: bool = False) -> None:
        """Do it. What is refused changes no card, and only what binds a card puts a number on record."""
        before = self.on_record()
        try:
            act()
        except REFUSALS:
            assert self.on_record() == before, "what was refused changed a card"
        assert may_bind or self.on_record().keys() <= before.keys(), "a number came on record that nobody bound"


def test_q6_2_q6_4_q9_b_and_r5_no_order_of_events_leads_to_a_card_that_answers_when_it_must_not() -> None:
    run_state_machine_as_test(CardLife, settings=settings(max_examples=15, stateful_step_count=25, deadline=None))
