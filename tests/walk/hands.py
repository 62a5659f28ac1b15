"""The hands of whoever walks: they find what can be pressed, press it, lay cards down and hold books before the scanner."""

from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from circulation.cards import CardUid
from circulation.mobile_codes import MobileCode, message_of, window_at
from drivers.ports import BarcodeScanned, CardPresented
from kiosk.events import Event
from registry.house import Registry
from registry.mobile import store_keys
from tests.simulation.times import Scheduler
from tests.ui.bench import Bench, on_glass
from tests.ui.fingers import FINGER
from tests.walk.glass import GlassKiosk
from tests.walk.people import BORN, PIN, Person

CODE_SECONDS = 30


class Hands:
    """They do one thing after another, and time passes only when ``wait`` says so."""

    def __init__(self, kiosk: GlassKiosk, bench: Bench, scheduler: Scheduler) -> None:
        self._kiosk = kiosk
        self._bench = bench
        self._scheduler = scheduler
        self.last_card: CardUid | None = None

    def targets(self) -> list[QQuickItem]:
        """What can be pressed now: its middle is on the glass, and it is switched on."""
        self._bench.lay_out()
        glass = self._bench.window.contentItem()
        whole = glass.mapRectToScene(glass.boundingRect())
        return [one for one in self._bench.of_type("Pressable") if one.isEnabled() and whole.contains(on_glass(one).center())]

    def press(self, target: QQuickItem) -> None:
        point = on_glass(target).center().toPoint()
        QTest.touchEvent(self._bench.window, FINGER).press(0, point, self._bench.window).commit()
        QTest.touchEvent(self._bench.window, FINGER).release(0, point, self._bench.window).commit()
        self._kiosk.settle()

    def find(self, *begins: str) -> bool:
        """Press the first thing that is called so, in either language; whether there is one."""
        for target in self.targets():
            if str(target.property("spoken")).startswith(begins):
                self.press(target)
                return True
        return False

    def key_in(self, keys: str) -> None:
        for key in keys:
            found = [one for one in self.targets() if str(one.property("spoken")) == key]
            if found:
                self.press(found[0])

    def say(self, *events: Event) -> None:
        self._kiosk.say(*events)
        self._kiosk.settle()

    def lay_down(self, uid: CardUid) -> None:
        self.last_card = uid
        self.say(CardPresented(uid, "reader", 0))

    def hold_before_scanner(self, code: str) -> None:
        self.say(BarcodeScanned(code, "scanner", 0))

    def show_phone(self, person: Person, registry: Registry, *, age: int) -> None:
        """A mobile card as it was so many seconds ago; a negative age is a phone whose clock is ahead."""
        with registry.database.reading() as connection:
            key = registry.desk.mobile.keys.signing(store_keys.living(connection))
        window = window_at(self._scheduler.now()) - age // CODE_SECONDS
        self.hold_before_scanner(
            MobileCode(key.number, window, person.id, key.private.sign(message_of(key.number, window, person.id))).text
        )

    def wait(self, seconds: float) -> None:
        """The kiosk looks at its clock every second."""
        ends = self._scheduler.seconds + seconds
        while self._scheduler.seconds < ends:
            self._scheduler.run_until(min(ends, self._scheduler.seconds + 1))
            self._kiosk.tick()
        self._bench.clock.seconds = self._kiosk.clock.monotonic()
        self._kiosk.settle()

    # Errands: several touches of somebody who knows the way

    def type_pin(self, *, right: bool) -> None:
        self.key_in(PIN if right else "111111")
        self.find("確定", "OK")
        self.wait(1)

    def look_at_titles(self) -> None:
        self.find("我的借閱", "My loans")
        self.find("輸入密碼看書名", "Enter PIN to see titles")
        self.type_pin(right=True)

    def report_a_card(self, which: int) -> None:
        """By another card of the same patron: choose, and in place of holding for two seconds tap and confirm."""
        self.find("卡片掛失", "Lost card")
        self.find(*(("學生證", "Student ID"), ("一卡通", "iPASS"))[which])
        self.find("按住", "Hold")
        self.find("確定掛失", "Report it")

    def seek_a_form(self, uid: CardUid, *, right: bool) -> None:
        """Of staff, who know the number on file, or another one."""
        self.find("找卡號格式", "Find a number form")
        self.lay_down(uid)
        self.key_in(uid.hex if right else "123456")
        self.find("比對", "Check")

    def report_without_a_card(self, person: Person) -> None:
        self.find("卡片掛失", "Lost card")
        self.key_in(person.national_id)
        self.find("下一步", "Next")
        self.key_in(f"{BORN.year - 1911:03d}{BORN:%m%d}")
        self.find("下一步", "Next")
        self.find("學生證", "Student ID")
        self.find("送出掛失", "Send the report", "Report")
        self.wait(1)
