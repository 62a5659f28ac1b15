"""The core: owns the session, the use cases and both databases. Values in, values out, one thread; a simulator steps it without any.

What was shown as done is on disk before: the view is published after the last transaction of an event.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import structlog
from msgspec import UnsetType

from circulation.ids import LoanId
from circulation.opening_days import local_date
from circulation.reasons import Reason
from drivers.ports import DeviceHealth
from kiosk import session, states
from kiosk.answers import Answer, ServiceResumed, ServiceStopped
from kiosk.desk import Room
from kiosk.device_desk import DeviceDesk
from kiosk.duty import chosen_duty, counted, duty_at, duty_deadline, first_duty, settings_on
from kiosk.enrolled import Enrolled
from kiosk.events import (
    BatchAnswered,
    BatchRefused,
    ChangesReceived,
    Event,
    LedgerForked,
    ModeChosen,
    RangesChecked,
    RegistryLost,
    RightsTaken,
    SendFrom,
    SnapshotFetched,
    SyncEvent,
    Tick,
)
from kiosk.feed import FeedFollower
from kiosk.last_heard import LastHeard
from kiosk.offline import outlook
from kiosk.offline_watch import OfflineWatch
from kiosk.out_of_service import out_of_service
from kiosk.parts_watch import PartsWatch
from kiosk.ports import Outside
from kiosk.present import Scene, present
from kiosk.recorder import Recorder
from kiosk.retention import Retention
from kiosk.scan_desk import ScanDesk
from kiosk.scans import Scan, ScanRefused
from kiosk.sender import Sender
from kiosk.settings import KioskSettings
from kiosk.sounds import sounds_between
from kiosk.store.errors import LedgerUnwritableError, ReplicaError
from kiosk.store.ledger import Ledger
from kiosk.store.replica_file import ReplicaShelf
from kiosk.view import Sound, View
from kiosk.work import Work

_log = structlog.get_logger()

_SHORT_PAGE = 100
"""Changes that are read and applied in one go; of a longer page the first chunk waits for the next tick, reading it took its time."""


class Core:
    """One kiosk. Not thread-safe: every method is called in one thread."""

    def __init__(self, outside: Outside, settings: KioskSettings, ledger: Ledger, shelf: ReplicaShelf, enrolled: Enrolled) -> None:
        self._clock = outside.clock
        self._outlet = outside.outlet
        self._settings = settings
        self._ledger = ledger
        self._feed = FeedFollower(shelf, outside.clock, outside.outlet, settings)
        recorder = Recorder(ledger, outside.clock, outside.keys)
        self._sender = sender = Sender(recorder, outside.outlet, again=settings.push_again)
        self._offline = OfflineWatch(
            ledger, outside.clock, settings.offline, registry_key=enrolled.registry_key, disk_free=outside.disk_free
        )
        room = Room(recorder, self._feed, settings, lambda: sender.unanswered, enrolled, self._offline, outside.animals)
        self._room = room
        self._scans = ScanDesk(settings)
        self._devices = DeviceDesk(room)
        self._work = Work(room, outside.outlet, written=sender.committed)
        self._retention = Retention(ledger, outside.clock, keep=settings.keep_answered, sure=self._believes_clock)
        self._registry = LastHeard(ledger, outside.clock)
        self._snapshot_version = ledger.device().snapshot_version
        self._state: states.State = states.Idle()
        self._duty = first_duty(settings)
        self._view: View | None = None
        self._parts = PartsWatch(sender, self._feed)
        self._offline_left: int | None = None
        self._against_renewal: Mapping[LoanId, tuple[Reason, ...]] = {}
        self._ledger_again_at: float | None = None
        self._revoked = enrolled.revoked

    def start(self) -> None:
        """Open the replica, show the first screen, ask for what is new, send what waits. Called once, before any event."""
        if self._revoked:
            self._feed.forget()
        else:
            self._feed.start()
        used = self._feed.in_use
        self._offline.begin(self._registry.newest(used.state.verified_at if used else None), branch=self._branch)
        self._guarded(self._take_up if used is not None and used.state.version > self._snapshot_version else self._forget_passed)
        self._guarded(self._sender.send)
        self._settle()

    def handle(self, event: Event) -> None:
        """Do what an event asks for, and show what came of it."""
        self._duty = duty_at(self._duty, self._state, now=self._clock.monotonic())
        self._guarded(lambda: self._take(event))
        if self._devices.takes(event):
            self._guarded(lambda: self._devices.take(event))
        else:
            self._move(self._sorted(event))
            self._guarded(self._do)
        self._settle()

    def next_deadline(self) -> float:
        """When to send a ``Tick`` at the latest (monotonic seconds of the core's clock); in the past: at once, after waiting events."""
        wall = self._clock.now()
        next_minute = self._clock.monotonic() + 60 - wall.second - wall.microsecond / 1_000_000
        page_ends = self._devices.deadline()
        if self._ledger_again_at is not None:
            return min(next_minute, self._ledger_again_at, next_minute if page_ends is None else page_ends)
        candidates = (
            next_minute,
            page_ends,
            session.deadline(self._state, self._settings),
            duty_deadline(self._duty, self._state),
            self._feed.next_deadline(),
            self._sender.next_deadline(),
            self._retention.next_deadline(),
            self._scans.deadline(now=self._clock.monotonic()),
        )
        return min(candidate for candidate in candidates if candidate is not None)

    def close(self) -> None:
        """Close both databases. The core is of no use afterwards."""
        self._feed.close()
        self._room.animals.close()
        self._ledger.close()

    def _take(self, event: Event) -> None:
        """What an event does apart from the session."""
        match event:
            case DeviceHealth():
                self._parts.heard(event, at=self._clock.now())
            case RegistryLost(problem):
                self._registry.lost(problem, self._feed.in_use.state.verified_at if self._feed.in_use else None)
            case RightsTaken():
                self._revoked = True
                _log.error("rights_taken")
                self._feed.forget()
                self._room.animals.forget_all()
            case ChangesReceived() | RangesChecked() | SnapshotFetched() if self._revoked:
                self._feed.forget()  # it was under way when the word came
            case ChangesReceived() | RangesChecked() | SnapshotFetched():
                self._registry.heard()
                self._hear(event)
            case BatchAnswered() | SendFrom() | LedgerForked() | BatchRefused():
                self._hear(event)  # it brings no news: what is shown stays as old as it was
            case ModeChosen():
                self._duty = chosen_duty(event, self._settings, now=self._clock.monotonic(), wall=self._clock.now())
                _log.info("mode", detail=event.mode.value)
            case Tick():
                self._tick()
            case _:
                pass

    def _hear(self, event: SyncEvent) -> None:
        match event:
            case ChangesReceived(page, came):
                self._sender.heard(page.server_time, came)
                told = () if isinstance(page.offline, UnsetType) else page.offline
                self._offline.heard(page.server_time, told, branch=self._branch)
                self._feed.received(page)
                if len(page.changes) <= _SHORT_PAGE:
                    self._apply()
            case RangesChecked():
                if self._feed.compared(event):
                    self._forget_passed()
                    self._refresh_visit()
            case SnapshotFetched(path):
                self._take_over(path)
            case BatchAnswered(answer, came):
                self._sender.answered(answer, came)
                self._forget_passed()
            case SendFrom(seq):
                self._sender.send_from(seq)
            case LedgerForked(seq):
                self._sender.forked(seq)
            case BatchRefused(problem):
                self._sender.refused(problem)

    def _believes_clock(self) -> bool:
        return self._offline.believes_clock(self._branch)

    def _tick(self) -> None:
        if self._ledger_again_at is not None:
            if self._clock.monotonic() < self._ledger_again_at:
                return
            self._ledger.try_to_write()
            self._ledger_again_at = None
            self._sender.committed()  # a commit that failed may have reached the disk all the same
        applying = self._feed.applying
        self._apply()
        if not applying:  # one portion of work a tick
            self._retention.step(below=self._sender.sends_from)
        self._sender.send()

    def _apply(self) -> None:
        """A chunk of the feed, and what it means for the one who is here."""
        lost = self._ledger.lost_here() if self._feed.applying else ()
        if lost and (changed := self._feed.changed_cards(lost)):
            self._ledger.note_changes(changed)
        if self._feed.step():
            self._forget_passed()
            self._refresh_visit()

    def _take_over(self, path: Path) -> None:
        if not self._feed.take_over(path, last_version=self._snapshot_version) or self._feed.in_use is None:
            return
        self._take_up()
        self._refresh_visit()

    def _take_up(self) -> None:
        """The replica of another snapshot is in use, since now or since a crash."""
        self._forget_passed(opened=True)
        if self._feed.in_use is not None:
            self._snapshot_version = self._feed.in_use.state.version
            self._ledger.remember_snapshot(self._snapshot_version)

    def _forget_passed(self, *, opened: bool = False) -> None:
        """What the replica shows by now goes from the overlay; ``opened``: it is another one, and may show less than the one before."""
        if self._feed.in_use is not None:
            self._work.forget_gone()
            if self._room.lays_anew(opened=opened):
                self._sender.ask_again()
            self._ledger.follow(self._feed.in_use.state.cursor, shown_lost=self._work.cards.shown_lost())

    def _refresh_visit(self) -> None:
        visit = states.visit_in(self._state)
        if visit is None:
            return
        self._move(self._work.entrance.refreshed(visit))
        inside = self._state.inside if isinstance(self._state, states.StillHere) else self._state
        if isinstance(inside, states.ReportLoss):
            self._move(self._work.cards.others(inside.visit))

    def _do(self) -> None:
        """Do what the state asks for until it asks for nothing."""
        while answers := self._work.answer(self._state, offline=self._registry.lost_since is not None):
            for answer in answers:
                self._move(answer)

    def _sorted(self, event: Event) -> Event | Scan:
        what = self._scans.sort(event, now=self._clock.monotonic())
        if isinstance(what, ScanRefused):
            self._outlet.play(Sound.REFUSED)
        return what

    def _move(self, event: Event | Scan | Answer) -> None:
        before = self._state
        settings = settings_on(self._duty, self._settings)
        self._state = session.advance(before, event, now=self._clock.monotonic(), settings=settings)
        self._duty = counted(self._duty, before, self._state)
        for sound in sounds_between(before, self._state):
            self._outlet.play(sound)
        if type(before) is not type(self._state) and not isinstance(self._state, states.Identifying):
            visit = states.visit_in(self._state)
            _log.info("screen", screen=type(self._state).__name__, correlation=visit.correlation if visit else "")

    def _guarded(self, action: Callable[[], None]) -> None:
        """Run a step; a database that fails it takes the kiosk out of service, and nothing of the step is shown."""
        try:
            action()
        except LedgerUnwritableError as error:
            _log.error("ledger_unwritable", problem=str(error))
            now = self._clock.monotonic()
            if self._ledger_again_at is None or now >= self._ledger_again_at:
                self._ledger_again_at = now + self._settings.ledger_again
        except ReplicaError as error:
            self._feed.give_up(str(error))

    def _settle(self) -> None:
        """Stop or resume service, then show what there is to show."""
        self._offline.look(local_date(self._clock.now(), self._settings.zone), branch=self._branch)
        self._devices.look(self._state)
        self._guarded(self._keep_watch)
        self._guarded(self._look_up_what_is_left)
        problem = out_of_service(
            revoked=self._revoked, unwritable=self._ledger_again_at is not None, has_replica=self._feed.in_use is not None
        )
        if problem is not None:
            self._move(ServiceStopped(problem))
        elif isinstance(self._state, states.OutOfService):
            self._move(ServiceResumed())
        self._parts.look(
            now=self._clock.now(),
            lost_since=self._registry.lost_since,
            unwritable=self._ledger_again_at is not None,
            low=self._offline.is_short_of_disk(self._branch),
        )
        self._duty = duty_at(self._duty, self._state, now=self._clock.monotonic())
        view = present(self._state, self._scene(), self._settings)
        if view != self._view:
            self._view = view
            self._outlet.show(view)

    @property
    def _branch(self) -> str:
        return "" if self._feed.in_use is None else self._feed.in_use.library.branch

    def _keep_watch(self) -> None:
        if self._ledger_again_at is None:
            used = self._feed.in_use
            self._offline.keep(self._feed.age(), None if used is None else used.state.verified_at)

    def _look_up_what_is_left(self) -> None:
        visit, items = states.visit_in(self._state), self._work.items
        self._offline_left = None if visit is None else items.left_offline(visit)
        self._against_renewal = items.against_renewal(self._state.visit) if isinstance(self._state, states.Loans) else {}

    def _scene(self) -> Scene:
        return Scene(
            now=self._clock.now(),
            library=self._feed.in_use.library if self._feed.in_use else None,
            offline_since=self._registry.lost_since,
            devices=self._parts.devices,
            standings=self._parts.standings,
            offline_left=self._offline_left,
            against_renewal=self._against_renewal,
            answered_below=self._sender.sends_from,
            needs_staff=self._sender.needs_staff,
            outlook=None if self._feed.in_use is None else outlook(self._room.standing(), self._offline.limits(self._branch)),
            scan_fault=self._scans.fault(now=self._clock.monotonic()),
            duty=self._duty,
            device_page=self._devices.page,
        )
