"""The independent count: what must be true at the end, from what the screens said and the books in the hand, by nobody's rules but these."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from circulation.cards import CardUid
from tests.integration.day.town import PUPILS, WITH_A_SECOND_CARD, Copy, copies, easycard, loans_before, pupil, second_card


@dataclass(frozen=True)
class Held:
    """A book in a pupil's hands."""

    pupil: int
    due: date
    renewals: int = 0


@dataclass
class Tally:
    """Who has which book, where the others are, which card is whose, how many facts each kiosk made."""

    held: dict[Copy, Held] = field(default_factory=dict)
    on_shelf: dict[str, list[Copy]] = field(default_factory=dict)
    in_transit: list[Copy] = field(default_factory=list)
    active: dict[CardUid, int] = field(default_factory=dict)
    lost: dict[CardUid, int] = field(default_factory=dict)
    gone: list[CardUid] = field(default_factory=list)
    facts: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of_the_morning(cls) -> "Tally":
        tally = cls()
        tally.held = {book: Held(number, due) for number, book, due in loans_before()}
        for book in copies():
            if book not in tally.held:
                tally.on_shelf.setdefault(book.home, []).append(book)
        tally.active = {easycard(number): number for number in range(PUPILS)} | {second_card(n): n for n in WITH_A_SECOND_CARD}
        return tally

    def books_of(self, number: int) -> dict[Copy, Held]:
        return {book: held for book, held in self.held.items() if held.pupil == number}

    def card_of(self, number: int) -> CardUid | None:
        """A card that opens the pupil's session."""
        return next((uid for uid, holder in self.active.items() if holder == number), None)

    def lent(self, branch: str, book: Copy, number: int, due: date) -> None:
        self.on_shelf[branch].remove(book)
        self.held[book] = Held(number, due)
        self._did(branch, "lent")

    def came_back(self, branch: str, book: Copy) -> None:
        del self.held[book]
        self._put_away(branch, book)
        self._did(branch, "returned")

    def arrived(self, branch: str, book: Copy) -> None:
        self.in_transit.remove(book)
        self._put_away(branch, book)
        self._did(branch, "arrived")

    def renewed(self, branch: str, book: Copy, due: date) -> None:
        before = self.held[book]
        self.held[book] = Held(before.pupil, due, before.renewals + 1)
        self._did(branch, "renewed")

    def reported(self, branch: str, uid: CardUid) -> None:
        self.lost[uid] = self.active.pop(uid)
        self._did(branch, "reported")

    def found(self, branch: str) -> None:
        self._did(branch, "found")

    def replaced(self, old: CardUid, new: CardUid) -> None:
        """At the registry's desk: no kiosk makes a fact of it."""
        holder = self.lost.pop(old) if old in self.lost else self.active.pop(old)
        self.gone.append(old)
        self.active[new] = holder
        self.done["replaced"] += 1

    def refused(self) -> None:
        self.done["refused"] += 1

    def told(self) -> str:
        """The counters, for a person."""
        return ", ".join(f"{count} {what}" for what, count in sorted(self.done.items()))

    def open_loans(self) -> list[tuple[bytes, bytes, str, int]]:
        """Item, patron, due date and renewals of every loan, in order."""
        return sorted((book.id.bytes, pupil(held.pupil).bytes, held.due.isoformat(), held.renewals) for book, held in self.held.items())

    def cards(self) -> list[tuple[str, str]]:
        """Number and state of every card on record, in order."""
        return sorted([(uid.hex, "active") for uid in self.active] + [(uid.hex, "lost") for uid in self.lost])

    def statuses(self, only: Iterable[str]) -> dict[bytes, str]:
        """The status of every item of these branches."""
        away = {book.id for book in self.in_transit}
        return {book.id.bytes: "in_transit" if book.id in away else "available" for book in copies() if book.home in only}

    def _put_away(self, branch: str, book: Copy) -> None:
        if book.home == branch:
            self.on_shelf[branch].append(book)
        else:
            self.in_transit.append(book)

    def _did(self, branch: str, what: str) -> None:
        self.facts[branch] += 1
        self.done[what] += 1
