"""One kiosk put together: its files, its core thread, its HTTP threads, its devices. No screen yet."""

import fcntl
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from circulation.range_checks import RangeCheck
from circulation.wire import LossRequest, PinCheck, Position, PushBatch
from drivers.ports import CardReader, Scanner
from kiosk.core import Core
from kiosk.enrolled import Enrolled
from kiosk.events import Event
from kiosk.modes import Mode
from kiosk.ports import Clock, Keys, Outside
from kiosk.runner import CoreThread
from kiosk.settings import KioskSettings
from kiosk.store.animal_file import AnimalFile
from kiosk.store.replica_file import ReplicaShelf
from kiosk.store.set_aside import open_or_begin
from kiosk.view import Sound, View
from replica.files import ReplicaFiles
from sync.identity import IDENTITY_NAME, Identity, give_check
from sync.worker import SyncWorkers
from youyue.code_forms import code_forms
from youyue.kiosk_health import HealthTeller
from youyue.settings import Settings


class KioskFolderError(Exception):
    """The kiosk's folder can't be used as it is. Names the place and says what to do."""


class KioskRunningError(KioskFolderError):
    """Another process already runs the kiosk of this folder."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a kiosk stands in: where its taps and scans come from (one scanner or several), where its views go, who hears of a crash.

    ``show`` is called in the core thread and returns at once. ``crashed`` is called in the core thread with what ended it.
    """

    reader: CardReader
    scanners: tuple[Scanner, ...]
    show: Callable[[View], None]
    crashed: Callable[[BaseException], None]
    clock: Clock
    keys: Keys


class KioskMachine:
    """A kiosk that runs between ``start`` and ``stop``.

    Raises:
        KioskFolderError: another process runs it, or the folder can't be written to.
        IdentityError: the identity's file can't be used.
        LedgerError: the ledger can't be used.
        RegistryAddressError: the identity's registry address can't be used.

    """

    def __init__(self, folder: Path, identity: Identity, settings: KioskSettings, surroundings: Surroundings) -> None:
        clock, keys = surroundings.clock, surroundings.keys
        self._lock: int | None = _only_one(folder)
        give_check(folder)
        self._surroundings = surroundings
        shelf = ReplicaShelf(ReplicaFiles(folder), identity.database_key, clock.monotonic, settings.page_chunk)
        ledger = open_or_begin(folder / "ledger.db", identity.database_key, new_epoch=keys.new_epoch, now=clock.now())
        self._workers = SyncWorkers(identity, folder, self.post, clock=clock, random=Random())  # noqa: S311 - spreads pauses, guards nothing
        self._health = HealthTeller(folder, clock.now, self._workers.report)
        revoked = self._workers.revocations.was_heard()
        animals = AnimalFile(folder / "animals.db", identity.database_key)
        if revoked:
            animals.forget_all()
            self._workers.revocations.wipe()  # a power cut may have come before it was done
        core = Core(
            Outside(
                clock,
                keys,
                _Wires(surroundings.show, self._workers, self._health),
                lambda: _disk_free(folder),
                animals,
            ),
            settings,
            ledger,
            shelf,
            Enrolled(identity.card_key, identity.registry_key, identity.tag_key, revoked=revoked),
        )
        self._thread = CoreThread(core, clock, surroundings.crashed)

    def start(self) -> None:
        """Begin; the first view comes at once. Called once."""
        self._workers.start()
        self._thread.start()
        self._surroundings.reader.start(self.post)
        for scanner in self._surroundings.scanners:
            scanner.start(self.post)

    def post(self, event: Event) -> None:
        """Tell the kiosk of something; from any thread."""
        self._thread.post(event)

    def stop(self) -> None:
        """End everything in order: first what brings news, then the core, which finishes what it has begun. May be called twice."""
        for scanner in self._surroundings.scanners:
            scanner.stop()
        self._surroundings.reader.stop()
        self._workers.stop()
        self._thread.stop()
        self._health.forget()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


@dataclass(frozen=True, slots=True)
class _Wires:
    """The core's outlet."""

    shown: Callable[[View], None]
    workers: SyncWorkers
    health: HealthTeller

    def show(self, view: View) -> None:
        self.shown(view)
        self.health.see(view)

    def play(self, sound: Sound) -> None:
        """Silent as long as no sounds are shipped."""

    def push(self, batch: PushBatch) -> None:
        self.workers.push(batch)

    def hurry(self) -> None:
        self.workers.try_now()

    def ask(self, ticket: UUID, question: PinCheck | LossRequest) -> None:
        self.workers.ask(ticket, question)

    def pull(self, feed: UUID | None, after: Position, check: RangeCheck | None = None) -> None:
        self.workers.pull(feed, after, check)


def kiosk_settings(settings: Settings, identity: Identity) -> KioskSettings:
    """The core's settings: what the registry said at enrolment, then what this machine's settings say.

    Raises:
        KioskFolderError: the identity names a time zone that does not exist.

    """
    section = settings.kiosk
    try:
        zone = ZoneInfo(identity.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"{IDENTITY_NAME}: there is no time zone {identity.time_zone!r}; bring the file back from a backup or enrol anew"
        raise KioskFolderError(message) from None
    return KioskSettings(
        zone=zone,
        codes=code_forms(section.item_codes, section.card_codes),
        branch_name=identity.branch_name,
        idle=section.idle_seconds,
        countdown=section.countdown_seconds,
        goodbye=section.goodbye_seconds,
        refused=section.refusal_seconds,
        titles_need_pin=section.titles_need_pin,
        pin_tries=section.pin_tries,
        code_skew=timedelta(seconds=section.code_skew_seconds),
        done=section.done_seconds,
        mode=Mode(section.mode),
        class_visit=section.class_visit_minutes * 60,
        class_goodbye=section.class_goodbye_seconds,
    )


def _disk_free(folder: Path) -> int | None:
    """What this user may still write there, in bytes; none when the disk does not say."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _only_one(folder: Path) -> int:
    try:
        lock = os.open(folder / "kiosk.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        message = f"{folder / 'kiosk.lock'}: can't be opened ({error.strerror}); the folder must be this user's and writable"
        raise KioskFolderError(message) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        message = f"{folder}: another process runs this kiosk; stop it first"
        raise KioskRunningError(message) from None
    return lock
