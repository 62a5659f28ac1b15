"""A kiosk of a world: the real core over real encrypted files, the real client, pusher, puller and fetcher, stepped by the scheduler."""

import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Self
from uuid import UUID

from circulation.cards import CardUid
from circulation.range_checks import RangeCheck
from circulation.wire import LossRequest, PinCheck, Position, PushBatch
from drivers.ports import BarcodeScanned, CardPresented
from kiosk.core import Core
from kiosk.enrolled import Enrolled
from kiosk.events import BatchAnswered, Event, FinishChosen, RegistryLost, Tick
from kiosk.offline_watch import KEEP_EVERY
from kiosk.ports import Outside
from kiosk.settings import KioskSettings
from kiosk.store.ledger import Ledger
from kiosk.store.opening import open_ledger
from kiosk.store.replica_file import ReplicaShelf
from kiosk.view import Attract, Screen, Sound, View
from replica.files import ReplicaFiles
from sync.identity import Identity
from sync.pull import Cursor
from sync.turn import Turn
from tests.simulation.enrolling import enrolled_identity
from tests.simulation.errands import errands
from tests.simulation.line import FaultyLine, Net
from tests.simulation.lives import Life, PowerCutError, PowerSwitch, newly_written
from tests.simulation.polling import LONG_POLL
from tests.simulation.times import MachineClock, SeededKeys
from tests.simulation.town import Book, Person

_MOST_TICKS = 200


class Kiosk:
    """One kiosk, also the outlet of its own core. A machine that is ``retired`` takes part no more."""

    def __init__(self, name: str, identity: Identity, folder: Path, net: Net, chance: Random) -> None:
        self.name = name
        self.identity = identity
        self.folder = folder
        self._batch: PushBatch | None = None
        self._cursor: Cursor | None = None
        self._resting = self._woken = self._answered = False
        self._turns, self._run = Counter[Callable[[], None]](), 0
        self._pulls_at = -1.0
        self._up = self._uploads = True
        self._line = FaultyLine(net)
        self.heard_at = -1.0
        """When the registry said last what the core has taken up since, in this run of the process; before: never."""
        self._online_since = net.scheduler.seconds
        self.retired, self.revoked, self.restored = "", False, False
        """Whether an old image was put in place: then it goes on in a new epoch, and a person looks."""
        self.clock = MachineClock(net.scheduler)
        self.lives: list[Life] = []
        self.stopped_cards: set[CardUid] = set()
        self.shown: list[UUID] = []
        """Loans that a screen showed as borrowed."""
        self.mine: dict[UUID, tuple[Book, Person]] = {}
        """Those of them that are not back, as far as this place knows."""
        self._net = net
        self._chance = chance
        self.when_answered: Callable[[], None] = lambda: None
        self._keys = SeededKeys(chance, self.clock.now)
        self._view: View | None = None
        self._power = PowerSwitch()
        self._image = folder.parent / f"{folder.name}.image"
        folder.mkdir()
        self._boot()

    @classmethod
    def enrolled(cls, branch: str, folder: Path, net: Net, chance: Random) -> Self:
        """A new machine, enrolled with a code through the real route."""
        return cls(folder.name, enrolled_identity(branch, folder.name, net, chance), folder, net, chance)

    @property
    def life(self) -> Life:
        return self.lives[-1]

    @property
    def screen(self) -> Screen:
        assert self._view is not None
        return self._view.screen

    @property
    def needs_staff(self) -> bool:
        return self._view is not None and self._view.needs_staff

    @property
    def online(self) -> bool:
        return self._line.up

    def has_run_online_since(self, seconds: float) -> bool:
        """Whether this run of the process had a network all the time since an instant."""
        return self._up and self._online_since <= seconds and not self.revoked

    def cable(self, *, up: bool) -> None:
        """Pull out the network cable, or put it back."""
        if up and not self._up:
            self._online_since = self._net.scheduler.seconds
        self._up = self._line.up = up
        if up:
            self.hurry()

    def let_facts_through(self, *, through: bool) -> None:
        """Whether what is sent arrives; what is asked for does in any case."""
        self._uploads = self._line.uploads = through

    def reboot(self, *, clock_wrong_by: timedelta) -> None:
        """Switch it off and on; its clock has no battery."""
        self.switch_off()
        self.clock.put(clock_wrong_by)
        self._boot()

    def say(self, *events: Event) -> Screen:
        """What a person does. The power may be cut meanwhile; then the kiosk has started anew and nobody is logged in."""
        self._catch_up()
        try:
            for one in events:
                self._handle(one)
        except PowerCutError:
            self._net.counts["crash"] += 1
            self._die()
            self._boot()
        return self.screen

    def tap(self, uid: CardUid) -> Screen:
        return self.say(CardPresented(uid, "reader", 0))

    def scan(self, barcode: str) -> Screen:
        return self.say(BarcodeScanned(barcode, "scanner", 0))

    def go_home(self) -> None:
        """Leave whatever is on the screen."""
        for _ in range(6):
            if isinstance(self.screen, Attract):
                return
            self.say(FinishChosen())

    def cut_power_in(self, writes: int) -> None:
        """Cut the power at the so-manieth write from now on."""
        self._power.cuts_in = writes

    def lose_disk(self) -> None:
        """The disk is gone; the identity was on paper. What was not sent is lost, and a person knows it."""
        self._die()
        self.life.ended = "disk"
        shutil.rmtree(self.folder)
        self.folder.mkdir()
        self.stopped_cards.clear()
        self._boot()

    def keep_image(self) -> None:
        """Copy the disk while the kiosk is off."""
        self.switch_off()
        shutil.rmtree(self._image, ignore_errors=True)
        shutil.copytree(self.folder, self._image, symlinks=True)
        self._boot()

    def restore_image(self) -> None:
        """Put the old image in the disk's place."""
        self._die()
        self.life.ended = "image"
        self.restored = True
        shutil.rmtree(self.folder)
        shutil.copytree(self._image, self.folder, symlinks=True)
        self.stopped_cards.clear()
        self._boot()

    def jump(self, by: timedelta) -> None:
        self.clock.put(self.clock.wrong_by + by)

    def switch_off(self) -> None:
        """Between two writes."""
        self._catch_up()
        self._die()

    def tick(self) -> None:
        """Let the core do what is due."""
        with suppress(IndexError):
            for _ in range(_MOST_TICKS):
                if self._core.next_deadline() > self.clock.monotonic():
                    return
                self.say(Tick())

    def show(self, view: View) -> None:
        self._view = view

    def play(self, sound: Sound) -> None:
        pass

    def push(self, batch: PushBatch) -> None:
        self._batch = batch
        self._turn_in(self._push_turn, 0.05)

    def pull(self, feed: UUID | None, after: Position, check: RangeCheck | None = None) -> None:
        self._cursor = Cursor(feed, after, check)
        if self._resting and check is None:
            return
        self._resting = check is None and self._answered and self._net.house.head() == (feed, after)
        self._turn_in(self._pull_turn, LONG_POLL if self._resting else 0.05)

    def hurry(self) -> None:
        self._turn_in(self._push_turn, 0.05)
        self.wake()

    def wake(self) -> None:
        """The feed has moved: the open poll is answered. What is to be asked sooner, as after a failure, is asked then."""
        if not self._woken:
            self._woken = True
            after = self._net.rhythm.woken_after(self._chance, troubled=self._net.chances.drop > 0)
            if self._net.scheduler.seconds + after < self._pulls_at:
                self._turn_in(self._pull_turn, after)

    def ask(self, ticket: UUID, question: PinCheck | LossRequest) -> None:
        """Nobody in a world has a PIN."""

    def _push_turn(self) -> None:
        if self._batch is None:
            return
        batch = self._batch
        turn = self._pusher.turn(batch)
        if turn.done:
            self._batch = None
        else:
            self._turn_in(self._push_turn, turn.pause + 0.01)
        self._tell(turn)

    def _turn_in(self, turn: Callable[[], None], seconds: float) -> None:
        """Push or pull then, and not when it was to be done before: one thread does each."""
        self._turns[turn] = number = self._turns[turn] + 1
        if turn == self._pull_turn:
            self._pulls_at = self._net.scheduler.seconds + seconds
        self._soon(lambda: turn() if number == self._turns[turn] else None, seconds)

    def _pull_turn(self) -> None:
        self._resting = self._woken = False
        if self._cursor is None:
            return
        cursor, self._cursor = self._cursor, None
        turn = self._puller.turn(cursor)
        if not turn.done:
            self._cursor = cursor
        self._answered = turn.done and not any(isinstance(one, RegistryLost) for one in turn.events)
        heard_at = self._net.scheduler.seconds if self._answered else self.heard_at
        self._resting = turn.pause > 0
        self._turn_in(self._pull_turn, LONG_POLL if turn.done and turn.pause >= 1.0 else turn.pause + 0.01)
        self._tell(turn, heard_at)

    def _tell(self, turn: Turn, heard_at: float = -1.0) -> None:
        """The answer reaches the core after a while: meanwhile people come and the other errand goes on."""
        delay = self._chance.choice((0.0, 0.0, 0.0, 2.0, 40.0)) if self._net.chances.drop else 0.0
        if delay:
            self._net.counts["delay"] += 1
        for one in turn.events:
            self._soon(partial(self._told, one, heard_at), delay)

    def _told(self, told: Event, heard_at: float = -1.0) -> None:
        self.say(told)
        self.heard_at = max(self.heard_at, heard_at)
        if isinstance(told, BatchAnswered):
            self.when_answered()
        self.tick()

    def _soon(self, act: Callable[[], None], seconds: float) -> None:
        """In this run of the process only."""
        run = self._run

        def still() -> None:
            if run == self._run and not self.retired:
                act()

        self._net.scheduler.after(seconds, still)

    def _catch_up(self) -> None:
        """A core ticks once a minute: in a world only when something comes after a while, and then as if nothing had gone wrong in between."""
        if self._net.scheduler.seconds - self._handled_at < KEEP_EVERY:
            return
        cuts, self._power.cuts_in = self._power.cuts_in, None
        self._handle(Tick())
        self._power.cuts_in = cuts

    def _handle(self, one: Event) -> None:
        self._handled_at = self._net.scheduler.seconds
        self._core.handle(one)
        self._note_facts()

    def _note_facts(self) -> None:
        for one in newly_written(self.lives, self.ledger) if self._power.has_written() else ():
            if one.key not in self._net.happened and one.fact["type"] == "checked_in":
                # Whichever loan the return named, the book may be lent again.
                self.mine = {loan: held for loan, held in self.mine.items() if held[0].barcode != one.fact["barcode"]}
            self._net.happened.setdefault(one.key, self._net.scheduler.now())
            self._net.counts["facts"] += 1
            self._net.counts[f"fact {one.fact['type']}"] += 1

    def _boot(self) -> None:
        self._run += 1
        self._power.cuts_in = None
        self.clock.boot()
        self._batch = None
        self._cursor = None
        self._resting = self._woken = self._answered = False
        self.ledger: Ledger = open_ledger(
            self.folder / "ledger.db", self.identity.database_key, new_epoch=self._keys.new_epoch, now=self.clock.now()
        )
        epoch = self.ledger.device().epoch
        if not self.lives or self.lives[-1].epoch != epoch or self.lives[-1].ended:
            self.lives.append(Life(epoch))
        shelf = ReplicaShelf(ReplicaFiles(self.folder), self.identity.database_key, self.clock.monotonic, 1.0)
        self._line = FaultyLine(self._net, self.identity.branch)
        self._line.up, self._line.uploads = self._up, self._uploads
        self._online_since = self._handled_at = self._net.scheduler.seconds
        self.heard_at = -1.0
        self.cover, self._client, self._pusher, self._puller = errands(self.identity, self.folder, self.clock, self._line, self._chance)
        self._core = Core(
            Outside(self.clock, self._keys, self),
            KioskSettings(compare_every=self._net.rhythm.compare),
            self.ledger,
            shelf,
            Enrolled(self.identity.card_key, self.identity.registry_key, self.identity.tag_key),
        )
        self._power.watch(self.ledger._engine)
        self._core.start()
        self._note_facts()

    def _die(self) -> None:
        """The process is gone: nothing is committed any more."""
        self._run += 1
        self._power.cuts_in = None
        self._client.close()
        self._core.close()
