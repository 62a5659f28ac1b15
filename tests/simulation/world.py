"""One world: a town, its kiosks, a registry, people who come, and everything that can go wrong. Its seed decides all of it."""

import hashlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy.exc import IntegrityError

from circulation.cards import CardKind, CardUid
from circulation.ids import CardId, PatronId
from kiosk.events import LoansChosen, LossChosen, LossConfirmed, LostCardChosen, RenewAllChosen, ReturnChosen
from kiosk.view import Attract, Borrow, Home, LineState, Loans, LossReported, OutOfService, ReportLoss
from registry.cards.store import CardRecord
from tests.simulation.house import House, without_threads
from tests.simulation.invariants import ALL, Broken, Law
from tests.simulation.kiosk import Kiosk
from tests.simulation.line import Chances, Net
from tests.simulation.times import Scheduler, SeededKeys
from tests.simulation.town import Book, Person, a_town, settle

DAY = 86_400.0
_MEMORY = Path("/dev/shm")  # noqa: S108 - worlds live in memory, each in a folder of its own
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


SMALL = Size(branches=2, kiosks=4, people=30, books=60, days=3, facts=60, faults=1)
BIG = Size(branches=5, kiosks=20, people=300, books=600, days=30, facts=2_000, faults=5)
FAULTS_OF_THE_NET = ("drop", "lost_answer", "duplicate", "late", "delay", "stale")
FAULTS_OF_MACHINES = (
    *("crash", "disk_loss", "old_image", "clock_jump", "offline"),
    *("registry_restart", "revoked", "duplicate_uid", "lent_twice", "lost_card_lent"),
)
FAULTS = (*FAULTS_OF_THE_NET, *FAULTS_OF_MACHINES)
RESTORED_REGISTRY = "registry_restore"
"""Asked for by name only (``--also registry_restore``): what a world then shows stands in docs/reliability.md."""


class World:
    """A whole world of one seed. ``faults``: none of them with an empty tuple."""

    def __init__(self, seed: int, size: Size, folder: Path, *, faults: tuple[str, ...] = FAULTS) -> None:
        self.seed = seed
        self.size = size
        self.faults = faults
        self.counts: Counter[str] = Counter()
        self.scheduler = Scheduler()
        self.chance = Random(f"{seed} people")
        self.town = a_town(Random(f"{seed} town"), branches=size.branches, people=size.people, books=size.books)
        self.house = House(folder / "registry", self.scheduler, Random(f"{seed} registry"))
        settle(self.town, self.house.registry, Random(f"{seed} cards"))
        self.net = Net(self.house, self.scheduler, Random(f"{seed} net"), self.counts)
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

    def play(self) -> None:
        """Let everything happen, come to rest, and look at every invariant.

        Raises:
            Broken: one of them does not hold.
            EmptyWorldError: too little has happened.

        """
        self.scheduler.run_until(600)
        if any(fault in self.faults for fault in FAULTS_OF_THE_NET):
            self.net.chances = Chances(drop=0.04, lost_answer=0.04, duplicate=0.04, late=0.04, cut=0.02, stale=0.05)
        begins, ends = self.scheduler.seconds, self.scheduler.seconds + self.size.days * DAY
        self._plan_faults(begins, ends)
        visits = self.size.facts * 2
        for at in sorted(self.chance.uniform(begins, ends) for _ in range(visits)):
            self.scheduler.after(at - self.scheduler.seconds, self._visit)
        self.scheduler.run_until(ends)
        self._come_to_rest()
        for invariant in ALL:
            invariant(self)
        self._require_enough()

    def close(self) -> None:
        for kiosk in self.kiosks:
            kiosk.stop()
        self.house.close()

    def _add_kiosk(self, branch: str) -> None:
        number = len(self.kiosks) + len(self.gone)
        kiosk = Kiosk.enrolled(branch, self._folder / f"kiosk-{number}", self.net, Random(f"{self.seed} kiosk {number}"))
        kiosk.when_answered = lambda: self._look(kiosk)
        self.kiosks.append(kiosk)

    def _wake(self) -> None:
        for kiosk in self.kiosks:
            kiosk.wake()

    def _come_to_rest(self) -> None:
        self.net.chances = Chances()
        for kiosk in self.kiosks:
            kiosk.cable(up=True)
        for _ in range(8):
            for kiosk in self.kiosks:
                kiosk.go_home()
                kiosk.tick()
                kiosk.hurry()
            self.scheduler.run_until(self.scheduler.seconds + DAY / 4)
        self._wake()
        self.scheduler.run_until(self.scheduler.seconds + 600)

    def _retire(self, kiosk: Kiosk, why: str) -> None:
        """Staff take a kiosk away; what it did not send is with them. Another one stands there then."""
        if kiosk.needs_staff and not (kiosk.restored or kiosk.revoked):
            raise Broken(Law.I1, f"{kiosk.name} was refused, though nobody restored an image or revoked it")
        kiosk.stop()
        kiosk.retired = why
        self.kiosks.remove(kiosk)
        self.gone.append(kiosk)
        self.counts["retired"] += 1
        self._add_kiosk(kiosk.identity.branch)

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
        here = [book for book in self.town.books if book.home == kiosk.identity.branch]
        return self.chance.choice(here)

    def _enter(self, kiosk: Kiosk, uid: CardUid) -> bool:
        inside = isinstance(kiosk.tap(uid), Home)
        if inside and uid in kiosk.stopped_cards:
            raise Broken(Law.I3, f"{kiosk.name} let in a card that was reported lost there")
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
        before = len(kiosk.life.facts)
        kiosk.scan(book.barcode)
        if len(kiosk.life.facts) > before:
            kiosk.mine = {loan: held for loan, held in kiosk.mine.items() if held[0] != book}

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

    def _still_known(self, kiosk: Kiosk, loan: object) -> None:
        if loan not in kiosk.mine or str(loan) not in {one.fact.get("loan") for one in kiosk.life.facts}:
            return
        closed = dict(self.house.rows("SELECT id, closed_at FROM loan"))
        key = loan.bytes  # type: ignore[attr-defined]
        if closed.get(key) is not None:
            del kiosk.mine[loan]  # type: ignore[arg-type]
            return
        book, owner = kiosk.mine[loan]  # type: ignore[index]
        other = self.chance.choice([one for one in self.town.people if one != owner])
        if not self._enter(kiosk, other.other):
            return
        self.counts["own writes read"] += 1
        screen = kiosk.scan(book.barcode)
        if isinstance(screen, OutOfService) or not isinstance(screen, Borrow) or not screen.lines:
            return
        if screen.lines[0].state is LineState.BORROWED:
            raise Broken(Law.I10, f"{kiosk.name} lent {book.barcode} again while its own loan {loan} is open")
        kiosk.go_home()

    # What goes wrong

    def _plan_faults(self, begins: float, ends: float) -> None:
        acts = {
            "crash": lambda: self._any().cut_power_in(self.chance.randrange(12)),
            "disk_loss": self._disk_loss,
            "old_image": self._old_image,
            "clock_jump": self._clock_jump,
            "offline": self._offline,
            "registry_restart": self._registry_restart,
            "revoked": self._revoke,
            "duplicate_uid": self._duplicate_uid,
            "lent_twice": self._lend_twice,
            "lost_card_lent": self._lend_by_lost_card,
            RESTORED_REGISTRY: self._registry_restore,
        }
        chance = Random(f"{self.seed} faults")
        for fault, act in acts.items():
            if fault in self.faults:
                often = self.size.faults * (6 if fault in {"crash", "lent_twice", "lost_card_lent"} else 2)
                for _ in range(often):
                    self.scheduler.after(chance.uniform(0, (ends - begins) * 0.9), act)

    def _any(self) -> Kiosk:
        return self.chance.choice(self.kiosks)

    def _disk_loss(self) -> None:
        kiosk = self._any()
        kiosk.mine.clear()
        kiosk.lose_disk()
        self.counts["disk_loss"] += 1

    def _old_image(self) -> None:
        """Keep an image now, restore it a day later."""
        kiosk = self._any()
        kiosk.go_home()
        kiosk.keep_image()

        def restore() -> None:
            if kiosk in self.kiosks:
                kiosk.mine.clear()
                kiosk.restore_image()
                self.counts["old_image"] += 1

        self.scheduler.after(DAY * self.chance.uniform(0.05, 0.3), restore)

    def _clock_jump(self) -> None:
        self._any().jump(self.chance.choice((_YEAR, -_YEAR, timedelta(hours=3), -timedelta(hours=3))))
        self.counts["clock_jump"] += 1

    def _offline(self) -> None:
        kiosk = self._any()
        kiosk.cable(up=False)
        self.counts["offline"] += 1
        self.scheduler.after(DAY * self.chance.uniform(0.1, 0.5), lambda: kiosk.cable(up=True))

    def _registry_restart(self) -> None:
        self.house.restart()
        self.counts["registry_restart"] += 1

    def _registry_restore(self) -> None:
        """Back up the registry now, and put the backup in its place some hours later. Machines enrolled meanwhile are taken away."""
        backup = self._folder / f"backup-{self.scheduler.events}"
        self.house.image(backup)
        known = set(self.kiosks)

        def restore() -> None:
            self.house.restore(backup)
            self.counts[RESTORED_REGISTRY] += 1
            self.net.reused = 0
            for kiosk in [one for one in self.kiosks if one not in known]:
                self._retire(kiosk, "the registry does not know it any more")

        self.scheduler.after(DAY * self.chance.uniform(0.1, 0.4), restore)

    def _revoke(self) -> None:
        kiosk = self._any()
        self.house.registry.revoke_kiosk(kiosk.identity.kiosk)
        kiosk.revoked = True
        self.counts["revoked"] += 1

        def taken_away() -> None:
            if kiosk in self.kiosks:
                self._retire(kiosk, "revoked")

        self.scheduler.after(DAY / 8, taken_away)

    def _duplicate_uid(self) -> None:
        """Staff bind a number that is another patron's already: refused whole."""
        one, other = self.chance.sample(self.town.people, 2)
        record = CardRecord(CardId(self._keys.new_key()), PatronId(other.id), CardKind.EASYCARD, one.card)
        try:
            self.house.registry.add_cards([record])
        except IntegrityError:
            self.counts["duplicate_uid"] += 1
            return
        raise Broken(Law.I4, "one card number opens two patrons' accounts")

    def _lend_twice(self) -> None:
        """Two kiosks of a branch without a network lend one book."""
        kiosk = self._any()
        others = [one for one in self.kiosks if one is not kiosk and one.identity.branch == kiosk.identity.branch]
        if not others:
            return
        other = self.chance.choice(others)
        book = self._book(kiosk)
        lent = 0
        for one, person in zip((kiosk, other), self.chance.sample(self.town.people, 2), strict=True):
            was = one.online
            one.cable(up=False)
            one.go_home()
            lent += self._borrow(one, person, book)
            one.go_home()
            if was:
                self.scheduler.after(self.chance.uniform(60, 7200), lambda back=one: back.cable(up=True))  # type: ignore[misc]
        self.counts["lent_twice"] += lent == 2

    def _lend_by_lost_card(self) -> None:
        """A card is reported lost while a kiosk without a network still knows it as good and lends by it."""
        away, other = self.chance.sample(self.kiosks, 2)
        person = self.chance.choice(self.town.people)
        was = away.online
        away.cable(up=False)
        for one in (away, other):
            one.go_home()
        self._report(other, person)
        other.go_home()
        told = person.card in other.stopped_cards
        if not self._enter(away, person.card):
            away.go_home()
            told = False
        elif told:
            screen = away.scan(self._book(away).barcode)
            told = isinstance(screen, Borrow) and bool(screen.lines) and screen.lines[0].state is LineState.BORROWED
        away.go_home()
        self.counts["lost_card_lent"] += told
        if was:
            self.scheduler.after(self.chance.uniform(3600, 7200), lambda: away.cable(up=True))

    def _require_enough(self) -> None:
        for fault in self.faults:
            if self.counts[fault] < self.size.faults:
                message = f"empty world: {fault} happened {self.counts[fault]} times, not {self.size.faults}"
                raise EmptyWorldError(message)
        if self.counts["facts"] < self.size.facts:
            message = f"empty world: {self.counts['facts']} facts, not {self.size.facts}"
            raise EmptyWorldError(message)


def play(seed: int, size: Size = SMALL, *, faults: tuple[str, ...] = FAULTS) -> World:
    """Play one world to its end; it is closed and its folder is gone when this returns."""
    folder = Path(tempfile.mkdtemp(prefix="youyue-world-", dir=_MEMORY))
    try:
        with without_threads():
            world = World(seed, size, folder, faults=faults)
            try:
                world.play()
            finally:
                world.close()
            return world
    finally:
        shutil.rmtree(folder, ignore_errors=True)
