"""A random walk through a kiosk: touches, taps, scans, waits, a network that comes and goes, devices and disks that fail.

Its seed decides all of it. After every step the glass is looked at. Now and then nobody does anything for long: then
the kiosk must come back to its first screen by itself.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import text

from circulation.cards import CardUid
from drivers.ports import CardUnreadable, DeviceFault, DeviceHealth, DeviceState
from kiosk.events import DevicesChosen, ModeChosen, RegistryLost
from kiosk.modes import Mode
from kiosk.settings import KioskSettings
from kiosk.view import Attract, Home, Loans, OutOfService, PinPad, ReportLoss, Return, StillHere
from kiosk.view_devices import Devices
from kiosk.view_modes import CardCheck
from registry.desk.refusals import DeskRefusedError
from sync.memory import USUAL_MEMORY
from tests.simulation.house import House, without_threads
from tests.simulation.line import Net
from tests.simulation.times import Scheduler
from tests.ui.bench import Bench
from tests.walk.eyes import BrokenWalkError, look
from tests.walk.glass import GlassKiosk
from tests.walk.hands import Hands
from tests.walk.people import HERE, RANDOM, UNKNOWN, a_neighbourhood, settle

AT_REST_AFTER = 150
"""Seconds after which nothing but the first screen may stand; the longest way there is a slip behind a countdown."""
DOORS = (
    ("我的借閱", "My loans"),
    ("我的借閱", "My loans"),
    ("卡片掛失", "Lost card"),
    ("還書", "Return"),
    ("選我的動物", "換我的動物", "Choose my animal", "Change my animal"),
)
ODDITIES = ("30239999999999", "x", "9789861234567", "YOUYUE.RUBBISH")


class Walk:
    """One walker at one kiosk. ``acts`` counts what was done."""

    def __init__(self, seed: int, folder: Path, bench: Bench) -> None:
        self.acts: Counter[str] = Counter()
        self._chance = Random(f"{seed} walk")
        self._scheduler = Scheduler()
        self._all_of = a_neighbourhood(Random(f"{seed} people"))
        self._cards: list[CardUid] = [uid for one in self._all_of.people for uid in (one.card, one.other)]
        self._house = House(folder / "registry", self._scheduler, Random(f"{seed} registry"))
        settle(self._all_of, self._house.registry, Random(f"{seed} keys"))
        net = Net(self._house, self._scheduler, Random(f"{seed} net"), Counter())
        (folder / "memory").mkdir()
        self.kiosk = GlassKiosk.enrolled(HERE, folder / "kiosk", net, Random(f"{seed} kiosk"))
        net.when_moved = self.kiosk.wake
        self._touched: Counter[tuple[str, str]] = Counter()
        self._bench = bench
        self._hands = Hands(self.kiosk, bench, self._scheduler)
        self._scheduler.run_until(200)
        self.kiosk.look_through(bench)
        self._poll()
        self._choices: dict[Callable[[], None], int] = {
            self.touch_anything: 250,
            self.touch_what_was_touched_least: 250,
            self.lay_a_card_down: 90,
            self.lay_the_same_card_down: 30,
            self.lay_down_what_cannot_be_read: 8,
            self.show_a_phone: 30,
            self.scan_a_book: 120,
            self.scan_something_else: 20,
            self.bring_books_back: 30,
            self.run_an_errand: 120,
            self.report_without_a_card: 8,
            self.wait_a_while: 80,
            self.go_away: 12,
            self.pull_the_network_cable: 8,
            self.break_or_mend_a_device: 8,
            self.scan_while_the_disk_is_full: 10,
            self.find_that_nothing_can_be_written: 130,
            self.be_asked_and_stay: 70,
            self.let_staff_help: 20,
            self.let_staff_set_a_mode: 12,
            self.let_staff_see_the_devices: 6,
        }

    def close(self) -> None:
        self.kiosk.bench = None
        self.kiosk._die()
        self._house.close()

    def step(self) -> None:
        """Do one thing, and look at what came of it."""
        (act,) = self._chance.choices(list(self._choices), list(self._choices.values()))
        self.acts[act.__name__] += 1
        act()
        self._hands.wait(self._chance.choice((0.3, 1, 2)))
        look(self._bench, self.kiosk.screen, self._all_of)

    def touch_anything(self) -> None:
        targets = self._hands.targets()
        if targets:
            self._hands.press(self._chance.choice(targets))

    def touch_what_was_touched_least(self) -> None:
        """By chance alone one seldom comes through three doors that follow one another."""
        screen = type(self.kiosk.screen).__name__
        named = [((screen, str(one.property("spoken"))), one) for one in self._hands.targets()]
        if named:
            name, target = min(named, key=lambda one: self._touched[one[0]])
            self._touched[name] += 1
            self._hands.press(target)

    def lay_a_card_down(self) -> None:
        self._hands.lay_down(self._chance.choice([*self._cards, UNKNOWN, RANDOM]))

    def lay_the_same_card_down(self) -> None:
        if self._hands.last_card is not None:
            self._hands.lay_down(self._hands.last_card)

    def lay_down_what_cannot_be_read(self) -> None:
        self._hands.say(CardUnreadable("reader", 0))

    def show_a_phone(self) -> None:
        age = self._chance.choice((0, 0, 0, 40, 400, -400))
        self._hands.show_phone(self._chance.choice(self._all_of.people), self._house.registry, age=age)

    def scan_a_book(self) -> None:
        self._hands.hold_before_scanner(self._chance.choice(self._all_of.books).barcode)

    def scan_something_else(self) -> None:
        self._hands.hold_before_scanner(self._chance.choice(ODDITIES))

    def bring_books_back(self) -> None:
        """So that the shelves never run empty."""
        if isinstance(self.kiosk.screen, Attract | Home | Return):
            self._hands.find("還書", "Return")
            for _ in range(3):
                self.scan_a_book()

    def run_an_errand(self) -> None:
        """What somebody does who knows the way."""
        hands, chance = self._hands, self._chance
        match self.kiosk.screen:
            case Home() | ReportLoss() if chance.random() < 0.5:
                hands.report_a_card(chance.randrange(2))
            case Home() | Loans():
                hands.look_at_titles()
            case StillHere():
                hands.find("我還在", "I'm still here")
            case PinPad():
                hands.type_pin(right=chance.random() < 0.5)
            case Devices():
                hands.seek_a_form(chance.choice(self._cards), right=chance.random() < 0.5)
            case _:
                self.touch_anything()

    def report_without_a_card(self) -> None:
        """Seldom: the registry takes its time to answer, so that nobody can tell what it found."""
        self._hands.report_without_a_card(self._chance.choice(self._all_of.people))

    def wait_a_while(self) -> None:
        self._hands.wait(self._chance.choice((5, 9, 13, 21, 24, 31)))

    def go_away(self) -> None:
        """Waiting always leads to the first screen."""
        self._hands.wait(AT_REST_AFTER)
        if isinstance(self.kiosk.screen, Devices):
            self._hands.wait(KioskSettings().device_page)
        if not isinstance(self.kiosk.screen, Attract | CardCheck | OutOfService):
            raise BrokenWalkError(self.kiosk.screen, f"it still stands after {AT_REST_AFTER} s without anybody")

    def pull_the_network_cable(self) -> None:
        """Or put it back, which happens sooner."""
        if self.kiosk.online and self._chance.random() < 0.5:
            self.kiosk.cable(up=False)
            self._hands.say(RegistryLost("the cable is out"))
        else:
            self.kiosk.cable(up=True)

    def break_or_mend_a_device(self) -> None:
        device, fault = self._chance.choice((("reader", DeviceFault.NO_READER), ("scanner", DeviceFault.NO_SCANNER)))
        well = self._chance.random() < 0.7
        self._hands.say(DeviceHealth(device, DeviceState.READY) if well else DeviceHealth(device, DeviceState.MISSING, fault))

    def scan_while_the_disk_is_full(self) -> None:
        """What can't be written down is not done: the kiosk says so, and goes on when there is room."""
        connection = self.kiosk.ledger._connection
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count={pages}"))
        for _ in range(8):
            self.scan_a_book()
        self.kiosk.ledger._connection.execute(text("PRAGMA max_page_count=1000000"))

    def find_that_nothing_can_be_written(self) -> None:
        """A disk that takes not a byte more, wherever one stands by then."""
        if self._chance.random() < 0.6:
            self._come_in()
            if self._chance.random() < 0.7:
                self._go_behind_a_door()
        connection = self.kiosk.ledger._connection
        connection.execute(text("PRAGMA query_only=ON"))
        lost = self._lost_cards()
        if isinstance(self.kiosk.screen, Attract) and lost:
            self._hands.lay_down(self._chance.choice(lost))
        else:
            self.scan_a_book()
        connection.execute(text("PRAGMA query_only=OFF"))

    def be_asked_and_stay(self) -> None:
        """Whoever reads for long is asked, says so, and stands where they stood."""
        self._come_in()
        if self._chance.random() < 0.2 or self._go_behind_a_door():
            self._hands.wait(21)
            self._hands.find("我還在", "I'm still here")
            if self._chance.random() < 0.7:
                self._hands.find(*self._chance.choice((("離開", "Leave", "Log out"), ("回上一頁", "Go back"))))

    def _lost_cards(self) -> list[CardUid]:
        with self._house.registry.database.reading() as connection:
            return [
                CardUid.from_hex(uid)
                for uid in connection.execute(text("SELECT uid FROM card WHERE state = 'lost' ORDER BY uid")).scalars()
            ]

    def _come_in(self) -> None:
        if isinstance(self.kiosk.screen, Attract):
            self.lay_a_card_down()

    def _go_behind_a_door(self) -> bool:
        """Through one of those of Home, to the titles behind one of them too; whether there was one."""
        is_home = isinstance(self.kiosk.screen, Home)
        if not is_home:
            return False
        opened = self._hands.find(*self._chance.choice(DOORS))
        if isinstance(self.kiosk.screen, Loans) and self._chance.random() < 0.8:
            self._hands.find("輸入密碼看書名", "Enter PIN to see titles")
        return opened

    def let_staff_help(self) -> None:
        """A librarian gives lost cards back: a walk of any length goes on finding good ones."""
        for uid in self._cards:
            with suppress(DeskRefusedError):
                self._house.registry.desk.losses.restore(uid, because="found again", by="staff")
        self.kiosk.wake()

    def let_staff_set_a_mode(self) -> None:
        """For two minutes, so that most of a walk is as on every day."""
        mode = self._chance.choice((Mode.CLASS_VISIT, Mode.CLASS_VISIT, Mode.CARD_CHECK, Mode.CARD_CHECK, Mode.LENDING))
        self._hands.say(ModeChosen(mode, 120))

    def let_staff_see_the_devices(self) -> None:
        """At once when nobody is here, else as soon as nobody is."""
        if self._chance.random() < 0.5:
            self._hands.wait(40)
        self._hands.say(DevicesChosen())

    def _poll(self) -> None:
        """In place of the long poll, which would end after 25 s."""
        if self.kiosk.online:
            self.kiosk.wake()
        self._scheduler.after(60, self._poll)


def walked(seed: int, steps: int, bench: Bench) -> Walk:
    """A walk of so many steps. Its kiosk is closed and its folder is gone when this returns."""
    with without_threads(), TemporaryDirectory(prefix="youyue-walk-", dir=USUAL_MEMORY) as folder:
        walk = Walk(seed, Path(folder), bench)
        try:
            for _ in range(steps):
                walk.step()
        finally:
            walk.close()
        return walk
