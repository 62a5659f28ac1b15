"""What the programme says must come of it, person by person: written from its questions and answers, and from nothing else.

It imports nothing of the programme's code and shares no idea with it but the words: plain dictionaries, one row after the other.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from tests.story.accounts import Account, Card
from tests.story.events import (
    AccountBefore,
    ContactFile,
    ContactRow,
    DeskLoss,
    DeskReplacement,
    DeskRestore,
    Happening,
    Kind,
    LeavingFile,
    LeavingRow,
    LossFile,
    LossRow,
    ReissueFile,
    ReissueRow,
    StudentFile,
    StudentRow,
    Withdrawal,
)


@dataclass
class Oracle:
    """Accounts by national ID; whose every card is, and was; rows that wait; questions for staff."""

    accounts: dict[str, Account] = field(default_factory=dict)
    holder: dict[str, str] = field(default_factory=dict)
    former: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, ContactRow] = field(default_factory=dict)
    cases: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(kind, national ID), each once."""
    seen: Counter[str] = field(default_factory=Counter)
    """How often everything happened."""

    def tell(self, happening: Happening) -> None:
        on, event = happening.on, happening.event
        self.seen[type(event).__name__] += 1
        match event:
            case AccountBefore():
                self._before(event, on)
            case StudentFile():
                for row in _usable(event.rows):
                    self._student(row, event.year, on)
            case ContactFile():
                for contact in dict.fromkeys(event.rows):
                    self._contact(contact)
            case ReissueFile() | LeavingFile() | LossFile():
                self._cards(event)
            case DeskLoss() | DeskRestore() | DeskReplacement() | Withdrawal():
                self._desk(event, on)
            case _:
                assert_never(event)

    def _cards(self, event: ReissueFile | LeavingFile | LossFile) -> None:
        """R10: what the Bureau says of cards. Cancelling one changes nothing (Q7-a)."""
        for row in dict.fromkeys(event.rows):
            match row:
                case ReissueRow():
                    self._reissue(row)
                case LeavingRow(number, born, card, handed_in, left):
                    if handed_in and self._is_card_of(number, born, card):
                        self._end(number, Kind.EASYCARD)
                        account = self.accounts[number]
                        account.as_of = max(account.as_of or left, left)
                    self.seen["handed in" if handed_in else "cancelled"] += 1
                case LossRow(number, born, card, _):
                    if self._is_card_of(number, born, card):
                        lost = self.accounts[number].cards[Kind.EASYCARD]
                        lost.lost = lost.lost_by_bureau = True
                        self.seen["lost by the Bureau"] += 1

    def _before(self, event: AccountBefore, on: date) -> None:
        cards = {kind: Card(number, on) for kind, number in event.cards}
        self.accounts[event.number] = Account(event.name, event.born, own_basis=True, complete=True, cards=cards)
        self.holder |= {number: event.number for _, number in event.cards}

    def _student(self, row: StudentRow, year: int, on: date) -> None:
        """Q3-2 to Q3-4, R3, R9, R15: what one row of the Bureau's file does."""
        if not row.consented:
            self.seen["refused consent"] += 1
            self.waiting.pop(row.number, None)
            return
        if not row.number:
            self._ask("missing_id", row.card)
            return
        born = _day(row.born)
        if born is None:
            self.seen["no such date"] += 1
            return
        account = self.accounts.get(row.number)
        if account is not None and account.born != born:
            self.seen["birth date of the Bureau differs"] += 1
            self._ask("birth_date_differs", row.number)
            return
        if account is not None and account.withdrawn_on is not None and _first_day(year) <= account.withdrawn_on:
            self.seen["consent from before it was taken back"] += 1  # R15: an older word never overwrites a newer one
            return
        obstacle = self._obstacle(row.number, account, row.card, _first_day(year))
        if obstacle is not None:
            self._ask(obstacle, row.number)
            return
        if account is None:
            if self._may_be_known_otherwise(row, born):
                self._ask("possible_duplicate", row.number)
            account = self.accounts[row.number] = Account(row.name, born, own_basis=False)
            self.seen["new patron"] += 1
        elif not _same_name(account.name, row.name):
            self._ask("name_differs", row.number)
        account.years.add(year)
        self._take_waiting(row.number, account)
        self._hear(row.number, row.card, _first_day(year), on)

    def _take_waiting(self, number: str, account: Account) -> None:
        """R4: what a school sent before the Bureau's word completes the record now."""
        waited = self.waiting.get(number)
        if waited is None or _day(waited.born) != account.born:
            return
        del self.waiting[number]
        account.complete = account.from_school = True
        self.seen["school before Bureau"] += 1
        if not _same_name(account.name, waited.name):
            self._ask("name_differs", number)

    def _contact(self, row: ContactRow) -> None:
        """Q3-1, Q3-3, R1, R4: what one row of a school's file does."""
        account = self.accounts.get(row.number)
        if account is None or not account.years:
            self.waiting[row.number] = row
            return
        if account.born != _day(row.born):
            self.seen["birth date of a school differs"] += 1
            self._ask("birth_date_differs", row.number)
            return
        if not _same_name(account.name, row.name):
            self._ask("name_differs", row.number)
        account.complete = account.from_school = True

    def _reissue(self, row: ReissueRow) -> None:
        """Q6-3, R6, R15: a new card for a pupil who takes part, with or without a loss before."""
        account = self.accounts.get(row.number)
        if account is None or not account.years:
            self.seen["reissue for a stranger"] += 1
            return
        if account.born != _day(row.born):
            self._ask("birth_date_differs", row.number)
            return
        present = account.cards.get(Kind.EASYCARD)
        if account.as_of is not None and row.issued < account.as_of and (present is None or present.number != row.card):
            self._ask("reissue_older", row.number)
            return
        obstacle = self._obstacle(row.number, account, row.card, row.issued)
        if obstacle is not None:
            self._ask(obstacle, row.number)
            return
        if present is not None and present.number != row.card:
            self.seen["reissue after a loss" if present.lost else "reissue without a loss"] += 1
        self._hear(row.number, row.card, row.issued, row.issued)

    def _desk(self, event: DeskLoss | DeskRestore | DeskReplacement | Withdrawal, on: date) -> None:
        match event:
            case DeskLoss(number):
                self._card(number).lost = True
            case DeskRestore(number):
                card = self._card(number)
                if not card.lost_by_bureau:
                    card.lost = False
            case DeskReplacement(person, kind, number):
                self._bind(person, kind, number, on, by_programme=False)
                self.accounts[person].own_basis = True  # a card of one's own is another basis (R11)
            case Withdrawal(person):
                self._withdraw(person, on)

    def _withdraw(self, number: str, on: date) -> None:
        """R11: the binding of the student ID and the programme's data go; who has another basis stays a patron."""
        account = self.accounts[number]
        easycard = account.cards.get(Kind.EASYCARD)
        if easycard is not None and easycard.by_programme:
            self._end(number, Kind.EASYCARD)
        account.years.clear()
        account.withdrawn_on = on
        self.waiting.pop(number, None)
        if account.from_school:  # the programme's data go, and with them what made the record complete (Q3-3b)
            account.complete = account.from_school = False
        if not account.own_basis:
            self._forget(number)

    def _forget(self, number: str) -> None:
        """Nothing else carries the account: nothing is left of it, no question either. Its numbers were somebody's, nobody knows whose."""
        assert not self.accounts.pop(number).cards
        self.cases = Counter({case: n for case, n in self.cases.items() if case[1] != number})
        self.former |= {card: "" for card, owner in self.former.items() if owner == number}
        self.seen["account ended"] += 1

    def _hear(self, number: str, card: str, word: date, on: date) -> None:
        """The Bureau's word about a student ID: taken unless there is a newer one (R15)."""
        account = self.accounts[number]
        present = account.cards.get(Kind.EASYCARD)
        if account.as_of is not None and word < account.as_of and (present is None or present.number != card):
            self.seen["passed over"] += 1
            return
        account.as_of = max(account.as_of or word, word)
        self._bind(number, Kind.EASYCARD, card, on, by_programme=True)

    def _bind(self, number: str, kind: Kind, card: str, on: date, *, by_programme: bool) -> None:
        """Q3-4b, Q9: one card of a kind, the new one in place of the old one; the other kinds stay."""
        account = self.accounts[number]
        present = account.cards.get(kind)
        if present is not None and present.number == card:
            return
        if present is not None:
            self._end(number, kind)
            self.seen["replaced"] += 1
        account.cards[kind] = Card(card, on, by_programme=by_programme)
        self.holder[card] = number

    def _end(self, number: str, kind: Kind) -> None:
        """Q6-4: from now on no such record."""
        card = self.accounts[number].cards.pop(kind)
        del self.holder[card.number]
        self.former[card.number] = number

    def _obstacle(self, number: str, account: Account | None, card: str, word: date) -> str | None:
        """R9, R15, and a number that is somebody's card when its bytes are read in the other order."""
        holder = self.holder.get(card)
        if holder is not None:
            present = account.cards.get(Kind.EASYCARD) if account is not None else None
            return None if holder == number and present is not None and present.number == card else "number_bound_elsewhere"
        if card in self.former and self.former[card] != number:
            return "number_bound_elsewhere"
        if account is not None and account.as_of is not None and word < account.as_of:
            return None
        if card in self.former:
            return "number_replaced"
        return "number_forms_match" if _turned(card) in self.holder else None

    def _may_be_known_otherwise(self, row: StudentRow, born: date) -> bool:
        """Whether somebody of this name and birth date is there under an old resident number, where this is a new one."""
        is_new = not row.number[1].isalpha() and row.number[1] in "89"
        return is_new and any(number[1].isalpha() and (one.born, one.name) == (born, row.name) for number, one in self.accounts.items())

    def _is_card_of(self, number: str, born: str, card: str) -> bool:
        account = self.accounts.get(number)
        present = account.cards.get(Kind.EASYCARD) if account is not None else None
        return account is not None and account.born == _day(born) and present is not None and present.number == card

    def _card(self, number: str) -> Card:
        return next(card for card in self.accounts[self.holder[number]].cards.values() if card.number == number)

    def _ask(self, kind: str, about: str) -> None:
        self.cases[kind, about] = 1
        self.seen[f"case {kind}"] += 1


def told(oracle: Oracle, happenings: Iterable[Happening]) -> Oracle:
    for one in happenings:
        oracle.tell(one)
    return oracle


def _usable(rows: tuple[StudentRow, ...]) -> list[StudentRow]:
    """The same row twice is one; rows that contradict each other are all sent back; a "no" outweighs a "yes"."""
    once = list(dict.fromkeys(rows))
    refused = {row.number for row in once if not row.consented}
    numbers = Counter(row.number for row in once if row.consented and row.number)
    cards = Counter(row.card for row in once if row.consented)
    return [row for row in once if not row.consented or (row.number not in refused and numbers[row.number] <= 1 and cards[row.card] <= 1)]


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _first_day(year: int) -> date:
    """From this day on the Bureau's word of a school year holds."""
    return date(year + 1911, 8, 1)


def _same_name(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())


def _turned(number: str) -> str:
    return bytes.fromhex(number)[::-1].hex().upper()
