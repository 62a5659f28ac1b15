"""A world and the people in it: its kiosks, its registry, its town, and everything that people do at a kiosk. Its seed decides all of it."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from circulation.cards import CardKind, CardUid
from kiosk.events import LoansChosen, LossChosen, LossConfirmed, LostCardChosen, RenewAllChosen, ReturnChosen
from kiosk.view import Attract, Borrow, Home, LineState, Loans, LossReported, OutOfService, ReportLoss
from tests.simulation.house import House
from tests.simulation.kiosk import Kiosk
from tests.simulation.laws import BrokenLawError, Law
from tests.simulation.line import Net
from tests.simulation.polling import USUAL, Rhythm
from tests.simulation.times import Scheduler, SeededKeys
from tests.simulation.town import Book, Person, a_town, settle

DAY = 86_400.0
_YEAR = timedelta(days=365)


class EmptyWorldError(AssertionError):
    """Something happened less often than the world was to show: it proves nothing."""


@dataclass(frozen=True)
class Size:
    """How large a world is, how much must happen in it. ``faults``: each of them so many times at least."""

    branches: int
    kiosks: int
    people: int
    books: int
    days: float
    facts: int
    faults: int
    rhythm: Rhythm = USUAL


SMALL = Size(branches=2, kiosks=4, people=30, books=60, days=3, facts=60, faults=2)
THOROUGH = replace(SMALL, faults=5)
"""As small, with every fault as often as in a big one."""
BIG = Size(
    branches=5, kiosks=20, people=300, books=600, days=30, facts=2_000, faults=5, rhythm=Rhythm(gather=5 * 3600.0, compare=8 * 3600.0)
)
"""A change wakes all twenty kiosks: gathered for an hour, as in a small world, it would come to five times as many of them alone."""
FAULTS_OF_THE_NET = ("drop", "lost_answer", "duplicate", "late", "delay", "stale", "foreign")
FAULTS_OF_MACHINES = (
    *("crash", "disk_loss", "old_image", "clock_jump", "offline"),
    *("registry_restart", "registry_restore", "spoilt_row"),
    *("revoked", "duplicate_uid", "lent_twice", "lost_card_lent", "stuck_upload", "dead_clock"),
)
FAULTS = (*FAULTS_OF_THE_NET, *FAULTS_OF_MACHINES)
TRIES = 4
"""How many people or books are tried in a row, where one may be refused."""
IMAGE_THEN_BACKUP = "image_then_backup"
"""Among those of ``--further``: facts of an epoch that ended are lacking at a registry that was put back."""
FORGETFUL_REGISTRY = "registry_forgets"
"""Asked for by name only (``--also registry_forgets``): put back to a backup, and nobody tells it. What a world then shows stands in
docs/reliability.md."""


class PeopledWorld:
    """Everybody and everything of one seed, with nothing that goes wrong yet. ``faults``: which of them will."""

    def __init__(self, seed: int, size: Size, folder: Path, *, faults: tuple[str, ...] = FAULTS) -> None:
        self.seed = seed
        self.size = size
        self.faults = faults
        self.counts: Counter[str] = Counter()
        self.ended: set[bytes] = set()
        """Loans that were over by a registry that was put back to a backup since: it may have forgotten that, its kiosks need not have."""
        self.scheduler = Scheduler()
        self.chance = Random(f"{seed} people")
        self.town = a_town(Random(f"{seed} town"), branches=size.branches, people=size.people, books=size.books)
        self.house = House(folder / "registry", self.scheduler, Random(f"{seed} registry"))
        settle(self.town, self.house.registry, Random(f"{seed} cards"))
        self.net = Net(self.house, self.scheduler, Random(f"{seed} net"), self.counts, size.rhythm)
        self.net.when_moved = self._wake
        self.kiosks: list[Kiosk] = []
        self.gone: list[Kiosk] = []
        self._folder = folder
        self._trace = hashlib.sha256()
        self._keys = SeededKeys(Random(f"{seed} staff"), self.scheduler.now)
        (folder / "memory").mkdir()
        for number in range(size.kiosks):
            self._add_kiosk(self.town.branches[number % size.branches])

    @property
    def everyone(self) -> Iterable[Kiosk]:
        return (*self.kiosks, *self.gone)

    @property
    def trace(self) -> str:
        """A digest of everything that was shown."""
        return self._trace.hexdigest()[:16]

    def _add_kiosk(self, branch: str) -> None:
        number = len(self.kiosks) + len(self.gone)
        kiosk = Kiosk.enrolled(branch, self._folder / f"kiosk-{number}", self.net, Random(f"{self.seed} kiosk {number}"))
        kiosk.when_answered = lambda: self._look(kiosk)
        self.kiosks.append(kiosk)

    def _wake(self) -> None:
        for kiosk in self.kiosks:
            kiosk.wake()

    def _break_polls(self) -> None:
        """A registry that stops ends every open poll: all kiosks ask again within half a minute (sync rule 12)."""
        for kiosk in self.kiosks:
            kiosk._turn_in(kiosk._pull_turn, self.chance.uniform(0, 30))

    def _retire(self, kiosk: Kiosk, why: str) -> None:
        """Staff take a kiosk away; what it did not send is with them. Another one stands there then."""
        if kiosk.needs_staff and not (kiosk.restored or kiosk.revoked):
            raise BrokenLawError(Law.I1, f"{kiosk.name} was refused, though nobody restored an image or revoked it")
        kiosk._die()
        kiosk.retired = why
        self.kiosks.remove(kiosk)
        self.gone.append(kiosk)
        self.counts["retired"] += 1
        self._add_kiosk(kiosk.identity.branch)

    def _set_clocks_right(self) -> None:
        """Staff do: a kiosk with a clock in doubt lends nothing after a day, and in time no two are left that could lend one book."""
        for kiosk in self.kiosks:
            kiosk.jump(-kiosk.clock.wrong_by)

    # What people do

    def _visit(self) -> None:
        kiosk = self.chance.choice(self.kiosks)
        person = self.chance.choice(self.town.people)
        kiosk.go_home()
        kiosk.tick()
        dice = self.chance.random()
        if dice < 0.5:
            self._borrow(kiosk, person, self._book(kiosk))
        elif dice < 0.8:
            self._return(kiosk)
        elif dice < 0.9:
            self._renew(kiosk, person)
        elif dice < 0.92:
            self._report(kiosk, person)
        else:
            self._look(kiosk)
        self._trace.update(f"{self.scheduler.seconds!r} {kiosk.name} {kiosk.screen!r}\n".encode())
        kiosk.go_home()
        if kiosk.needs_staff and kiosk.revoked and self.chance.random() < 0.2:
            self._retire(kiosk, "revoked")

    def _book(self, kiosk: Kiosk) -> Book:
        return self.chance.choice(self.town.books_of[kiosk.identity.branch])

    def _enter(self, kiosk: Kiosk, uid: CardUid) -> bool:
        inside = isinstance(kiosk.tap(uid), Home)
        if inside and uid in kiosk.stopped_cards:
            raise BrokenLawError(Law.I3, f"{kiosk.name} let in a card that was reported lost there")
        return inside

    def _borrow(self, kiosk: Kiosk, person: Person, book: Book) -> bool:
        if not self._enter(kiosk, self.chance.choice((person.card, person.other))):
            return False
        screen = kiosk.scan(book.barcode)
        if not isinstance(screen, Borrow) or not screen.lines or screen.lines[0].state is not LineState.BORROWED:
            self.counts["refused"] += 1
            return False
        loan = screen.lines[0].loan
        assert loan is not None
        kiosk.shown.append(loan)
        kiosk.mine[loan] = (book, person)
        kiosk.go_home()
        self._still_known(kiosk, loan)
        return True

    def _return(self, kiosk: Kiosk) -> None:
        book = self._book(kiosk)
        if kiosk.mine and self.chance.random() < 0.5:
            book = self.chance.choice([one for one, _ in kiosk.mine.values()])
        kiosk.say(ReturnChosen())
        kiosk.scan(book.barcode)

    def _renew(self, kiosk: Kiosk, person: Person) -> None:
        if self._enter(kiosk, person.card) and isinstance(kiosk.say(LoansChosen()), Loans):
            kiosk.say(RenewAllChosen())

    def _report(self, kiosk: Kiosk, person: Person) -> None:
        if not self._enter(kiosk, person.other):
            return
        screen = kiosk.say(LossChosen())
        if not isinstance(screen, ReportLoss):
            return
        cards = [one for one in screen.cards if one.kind is CardKind.EASYCARD and not one.lost]
        if not cards:
            return
        kiosk.say(LostCardChosen(cards[0].number))
        if isinstance(kiosk.say(LossConfirmed()), LossReported):
            kiosk.stopped_cards.add(person.card)
            kiosk.go_home()
            self._enter(kiosk, person.card)

    def _look(self, kiosk: Kiosk) -> None:
        """I10: what was lent here and is not back is still known here."""
        if kiosk.mine and isinstance(kiosk.screen, Attract):
            self._still_known(kiosk, self.chance.choice(list(kiosk.mine)))

    def _ended_now(self) -> set[bytes]:
        return {key for (key,) in self.house.rows("SELECT id FROM loan WHERE closed_at IS NOT NULL")}

    def _still_known(self, kiosk: Kiosk, loan: UUID) -> None:
        if loan not in kiosk.mine or str(loan) not in {one.fact.get("loan") for one in kiosk.life.facts}:
            return
        if loan.bytes in self.ended or self.house.rows("SELECT 1 FROM loan WHERE id = ? AND closed_at IS NOT NULL", loan.bytes):
            del kiosk.mine[loan]
            return
        book, owner = kiosk.mine[loan]
        other = self.chance.choice([one for one in self.town.people if one is not owner])
        if not self._enter(kiosk, other.other):
            return
        self.counts["own writes read"] += 1
        screen = kiosk.scan(book.barcode)
        if isinstance(screen, OutOfService) or not isinstance(screen, Borrow) or not screen.lines:
            return
        if screen.lines[0].state is LineState.BORROWED:
            raise BrokenLawError(Law.I10, f"{kiosk.name} lent {book.barcode} again while its own loan {loan} is open")
        kiosk.go_home()
