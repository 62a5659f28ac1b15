"""One world from its beginning to its end: people come, everything goes wrong, then comes the quiet, and every invariant is asked."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random

from sqlalchemy.exc import IntegrityError

from circulation.cards import CardKind
from circulation.ids import CardId, PatronId
from kiosk.view import Borrow, Home, LineState
from registry.cards.store import CardRecord
from sync.memory import USUAL_MEMORY
from tests.simulation.bounds import BOUNDS
from tests.simulation.clocks import CLOCKS, clock_without_battery
from tests.simulation.house import seldom_tidied, without_threads
from tests.simulation.images import IMAGES
from tests.simulation.invariants import ALL
from tests.simulation.kiosk import Kiosk
from tests.simulation.laws import BrokenLawError, Law
from tests.simulation.line import Chances
from tests.simulation.outsiders import OUTSIDERS
from tests.simulation.peopled import (
    FAULTS,
    FAULTS_OF_THE_NET,
    IMAGE_THEN_BACKUP,
    SMALL,
    TRIES,
    EmptyWorldError,
    PeopledWorld,
    Size,
)
from tests.simulation.spoiling import spoil_a_row
from tests.simulation.town import Person
from tests.simulation.upkeep import UPKEEP, upkeep

DAY = 86_400.0
_YEAR = timedelta(days=365)
OFTEN_IN_VAIN = {"crash", "lent_twice", "lost_card_lent", "stuck_upload", "dead_clock", IMAGE_THEN_BACKUP, UPKEEP, *OUTSIDERS, *CLOCKS}
"""What comes to nothing when it finds nobody to befall."""
LONGEST_FAULT = DAY * 0.45
"""Seconds from the beginning of a fault until it has shown what it does, at the most."""
_VISITS = 1.2
"""How many people come for each fact that there must be: what goes wrong writes facts, too."""
_MORE = DAY / 2
_MOST_MORE = 20
"""A world goes on by so many seconds, so many times at the most, until everything has happened as often as it must."""


class World(PeopledWorld):
    """A whole world of one seed. ``faults``: none of them with an empty tuple."""

    def play(self) -> None:
        """Let everything happen, come to rest, and look at every invariant.

        Raises:
            BrokenLawError: one of them does not hold.
            EmptyWorldError: too little has happened.

        """
        self.scheduler.run_until(600)
        if any(fault in self.faults for fault in FAULTS_OF_THE_NET):
            self.net.chances = Chances(drop=0.04, lost_answer=0.04, duplicate=0.04, late=0.04, cut=0.02, stale=0.05, foreign=0.3)
        chance = Random(f"{self.seed} faults")
        planned = Counter({fault: self.size.faults * (2 if fault in OFTEN_IN_VAIN else 1) for fault in self.faults})
        self._go_on(planned, self.size.days * DAY, chance)
        for _ in range(_MOST_MORE):
            if not (lacking := self._lacking()):
                break
            self._set_clocks_right()
            self._go_on(lacking + lacking, _MORE, chance)
        self._come_to_rest()
        for invariant in (*ALL, *(BOUNDS if set(self.faults) & {*OUTSIDERS, *CLOCKS} else ())):
            invariant(self)
        self._require_enough()

    def close(self) -> None:
        for kiosk in self.kiosks:
            kiosk._die()
        self.house.close()

    def _come_to_rest(self) -> None:
        """Two days without a fault. A row that is spoilt before them no snapshot of another feed replaces: it must be found."""
        self.net.chances = Chances()
        for kiosk in self.kiosks:
            kiosk.cable(up=True)
            if "spoilt_row" in self.faults:
                self.counts["spoilt_row"] += spoil_a_row(kiosk, self.chance)
        for _ in range(8):
            for kiosk in self.kiosks:
                kiosk.go_home()
                kiosk.tick()
                kiosk.hurry()
            self.scheduler.run_until(self.scheduler.seconds + DAY / 4)
        self._wake()
        self.scheduler.run_until(self.scheduler.seconds + 600)

    def _go_on(self, planned: Counter[str], seconds: float, chance: Random) -> None:
        """People come, and what is planned goes wrong, as often as it is."""
        acts = self._acts()
        for fault, often in planned.items():
            for _ in range(often if fault in acts else 0):
                self.scheduler.after(chance.uniform(0, max(seconds - LONGEST_FAULT, DAY / 24)), acts[fault])
        visits = round(self.size.facts * _VISITS * seconds / (self.size.days * DAY))
        for after in sorted(self.chance.uniform(0, seconds) for _ in range(visits)):
            self.scheduler.after(after, self._visit)
        self.scheduler.run_until(self.scheduler.seconds + seconds)

    def _lacking(self) -> Counter[str]:
        """How many times each fault is still to come; and facts."""
        wanted = Counter({**dict.fromkeys(self.faults, self.size.faults), "facts": self.size.facts})
        return wanted - self.counts

    # What goes wrong

    def _acts(self) -> dict[str, Callable[[], None]]:
        return {
            "crash": lambda: self._any().cut_power_in(self.chance.randrange(12)),
            "disk_loss": self._disk_loss,
            "clock_jump": self._clock_jump,
            "offline": self._offline,
            "registry_restart": self._registry_restart,
            "revoked": self._revoke,
            "duplicate_uid": self._duplicate_uid,
            "lent_twice": self._lend_twice,
            "lost_card_lent": self._lend_by_lost_card,
            "stuck_upload": self._stuck_upload,
            "dead_clock": partial(clock_without_battery, self, counted="dead_clock"),
            "spoilt_row": self._spoil_a_row,
            UPKEEP: partial(upkeep, self),
            **{name: partial(act, self) for name, act in {**IMAGES, **OUTSIDERS, **CLOCKS}.items()},
        }

    def _any(self) -> Kiosk:
        return self.chance.choice(self.kiosks)

    def _disk_loss(self) -> None:
        kiosk = self._any()
        kiosk.mine.clear()
        kiosk.lose_disk()
        self.counts["disk_loss"] += 1

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
        self._break_polls()
        self.counts["registry_restart"] += 1

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
        raise BrokenLawError(Law.I4, "one card number opens two patrons' accounts")

    def _lend_twice(self) -> None:
        """Two kiosks of a branch without a network lend one book. A book or a patron that is refused is followed by another."""
        self.counts["lent_twice"] += any(self._lends_twice() for _ in range(TRIES))

    def _lends_twice(self) -> bool:
        kiosk = self._any()
        others = [one for one in self.kiosks if one is not kiosk and one.identity.branch == kiosk.identity.branch]
        if not others:
            return False
        other, book, lent = self.chance.choice(others), self._book(kiosk), 0
        for one, person in zip((kiosk, other), self.chance.sample(self.town.people, 2), strict=True):
            was = one.online
            one.cable(up=False)
            one.go_home()
            lent += self._borrow(one, person, book)
            one.go_home()
            if was:
                self.scheduler.after(self.chance.uniform(60, 7200), partial(one.cable, up=True))
        return lent == 2

    def _lend_by_lost_card(self) -> None:
        """A card is reported lost while a kiosk without a network still knows it as good and lends by it."""
        self.counts["lost_card_lent"] += any(self._lends_by_lost_card() for _ in range(TRIES))

    def _lends_by_lost_card(self) -> bool:
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
        if was:
            self.scheduler.after(self.chance.uniform(3600, 7200), lambda: away.cable(up=True))
        return told

    def _stuck_upload(self) -> None:
        """A kiosk can't send, and must hear all the same: a card that is reported lost elsewhere opens nothing here."""
        stuck, other = self.chance.sample(self.kiosks, 2)
        person, lender = self.chance.sample(self.town.people, 2)
        stuck.let_facts_through(through=False)
        stuck.go_home()
        self._borrow(stuck, lender, self._book(stuck))
        stuck.go_home()
        other.go_home()
        self._report(other, person)
        other.go_home()
        self.scheduler.after(DAY / 6, partial(self._ask_again, stuck, person))

    def _ask_again(self, stuck: Kiosk, person: Person) -> None:
        lost = (person.card.hex,) in self.house.rows("SELECT uid FROM card WHERE state = 'lost'")
        stuck.wake()
        of = self.house.restores if lost else None
        self.scheduler.after(DAY / 24, partial(self._must_have_heard, stuck, person, self.scheduler.seconds, of=of))

    def _must_have_heard(self, stuck: Kiosk, person: Person, since: float, *, of: int | None) -> None:
        """Within six hours on a line that drops some of its requests. ``of``: which registry has the loss; another may have forgotten it."""
        if stuck not in self.kiosks or not stuck.has_run_online_since(since) or of != self.house.restores or not stuck.ledger.unanswered():
            stuck.let_facts_through(through=True)
        elif stuck.heard_at > since:
            stuck.go_home()
            if isinstance(stuck.tap(person.card), Home):
                raise BrokenLawError(Law.I3, f"{stuck.name} let in a card whose loss it has heard of")
            self.counts["stuck_upload"] += 1
            stuck.let_facts_through(through=True)
        elif self.scheduler.seconds > since + DAY / 4:
            raise BrokenLawError(Law.I2, f"{stuck.name} hears nothing while its facts wait")
        else:
            self.scheduler.after(DAY / 24, partial(self._must_have_heard, stuck, person, since, of=of))

    def _spoil_a_row(self) -> None:
        """A row of a replica is not the registry's any more, and no change will ever say so."""
        self.counts["spoilt_row"] += spoil_a_row(self._any(), self.chance)

    def _require_enough(self) -> None:
        if lacking := self._lacking():
            told = ", ".join(f"{count} more of {what}" for what, count in sorted(lacking.items()))
            message = f"empty world: it lacks {told}"
            raise EmptyWorldError(message)


def play(seed: int, size: Size = SMALL, *, faults: tuple[str, ...] = FAULTS) -> World:
    """Play one world to its end; it is closed and its folder is gone when this returns."""
    folder = Path(tempfile.mkdtemp(prefix="youyue-world-", dir=USUAL_MEMORY))
    try:
        with without_threads(), seldom_tidied():
            world = World(seed, size, folder, faults=faults)
            try:
                world.play()
            finally:
                world.close()
            return world
    finally:
        shutil.rmtree(folder, ignore_errors=True)
