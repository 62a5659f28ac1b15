"""The doctor's round through a kiosk."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from circulation.offline import OfflineLimits
from circulation.opening_days import local_date
from drivers.nfcpy_address import is_nfcpy, parse_nfcpy
from kiosk.store.inspection import InspectionError, LedgerInspection, ReplicaInspection, sqlcipher_version
from kiosk.store.set_aside import set_aside_in
from sync.identity import Identity
from sync.revocation import was_revoked
from youyue.doctor import judge_kiosk, judge_machine, judge_network
from youyue.doctor.facts import ClockFacts, CodeFacts, DiskLimits, NetworkFacts, Patience, Reached, Standing
from youyue.doctor.findings import Check, Finding, failed, ok
from youyue.doctor.judge_devices import judge_devices
from youyue.doctor.judge_kiosk import Broken
from youyue.doctor.judge_limits import judge_limits, terms_facts
from youyue.doctor.judge_scanners import judge_scanners
from youyue.doctor.nfcpy_readers import judge_nfcpy, see_nfcpy
from youyue.doctor.probe_kiosk import LOCK_NAME, see_identity, see_ledger, see_offline, see_readers, see_replica
from youyue.doctor.probe_machine import is_locked, see_disk, see_folder, see_program, see_screen, see_slips
from youyue.doctor.probe_scanners import see_scanners
from youyue.doctor.rounds import KioskPlace, Practice, examine
from youyue.kiosk_health import read_health

EXTRA = "kiosk"


class KioskRound:
    """What one check has seen is known to the next: a replica tells how old the news is, a poll what time it is."""

    def __init__(self, place: KioskPlace, practice: Practice, limits: OfflineLimits) -> None:
        self._place = place
        self._practice = practice
        self._limits = limits
        self._identity: Identity | None = None
        self._ledger: LedgerInspection | None = None
        self._replica: ReplicaInspection | None = None
        self._network: NetworkFacts | None = None

    def findings(self) -> Iterator[Finding]:
        """Everything that can be said, in the order of the report."""
        place, patience = self._place, self._practice.patience
        yield from examine(Check.PROGRAM, lambda: judge_machine.judge_program(see_program(EXTRA)))
        yield from examine(Check.PROGRAM, _sqlcipher)
        yield from examine(Check.SCREEN, lambda: judge_machine.judge_screen(see_screen()))
        yield from examine(Check.SLIPS, lambda: judge_machine.judge_slips(see_slips(place.slips, place.printer)))
        yield from examine(Check.READER, lambda: _readers(place.reader))
        yield from examine(Check.SCANNER, self._scanners)
        yield from examine(Check.DEVICES, self._devices)
        yield from examine(Check.FOLDER, self._folder)
        yield from examine(Check.REPLICA, self._databases)
        yield from examine(Check.NETWORK, self._registry)
        yield from examine(Check.CLOCK, lambda: judge_machine.judge_clock(self._clock(), patience))
        yield from examine(Check.DISK, lambda: judge_machine.judge_disk(see_disk(place.folder), self._with_limits(patience)))

    def _with_limits(self, patience: Patience) -> Patience:
        """The disk is judged by the limits that the kiosk itself goes by."""
        lending, returning = self._limits.disk_for_loans, self._limits.disk_for_returns
        return replace(patience, disk=DiskLimits(max(patience.disk.soon, 2 * lending), lending, returning))

    def _now(self) -> datetime:
        return self._practice.clock.now()

    def _scanners(self) -> Iterator[Finding]:
        place = self._place
        yield from judge_scanners(see_scanners(place.scanner), CodeFacts(place.item_codes, place.card_codes))

    def _devices(self) -> Iterator[Finding]:
        """As the running kiosk tells: it has them, nobody else can ask them."""
        runs = self._place.folder.exists() and is_locked(self._place.folder / LOCK_NAME)
        yield from judge_devices(read_health(self._place.folder), runs=runs)

    def _folder(self) -> Iterator[Finding]:
        folder = see_folder(self._place.folder)
        yield from judge_machine.judge_folder(folder)
        if folder.exists:
            yield from judge_kiosk.judge_running(runs=is_locked(self._place.folder / LOCK_NAME))

    def _databases(self) -> Iterator[Finding]:
        """The identity opens both databases: without it there is nothing to say of them."""
        self._identity, facts = see_identity(self._place.folder)
        if self._identity is None:
            yield from judge_kiosk.judge_identity(facts, None)
            return
        key = self._identity.database_key
        ledger, replica = see_ledger(self._place.folder, key), see_replica(self._place.folder, key)
        self._ledger = None if isinstance(ledger, Broken) else ledger
        self._replica = None if isinstance(replica, Broken) else replica
        zone = ZoneInfo(self._identity.time_zone)
        terms = terms_facts(
            see_offline(self._place.folder, key), registry_key=self._identity.registry_key, today=local_date(self._now(), zone)
        )
        self._limits = terms.book.limits(self._identity.branch, self._limits)
        yield from judge_kiosk.judge_identity(facts, self._replica)
        yield from judge_kiosk.judge_ledger(ledger, self._limits, self._practice.patience, now=self._now())
        yield from judge_kiosk.judge_set_aside([path.name for path in set_aside_in(self._place.folder)])
        yield from judge_kiosk.judge_replica(replica)
        if self._replica is not None:
            yield from judge_kiosk.judge_feed(self._replica.verified_at, self._limits, now=self._now())
        yield from judge_limits(terms, self._limits)

    def _registry(self) -> Iterator[Finding]:
        identity = self._identity
        if identity is None:
            return
        from youyue.doctor.probe_network import see_network  # noqa: PLC0415 - what is missing for it hides no other check
        from youyue.doctor.probe_standing import NO_FEED, see_standing  # noqa: PLC0415 - the same

        clock = self._practice.clock
        self._network = network = see_network(identity.registry, identity.ca_file, now=clock.now)
        yield from judge_network.judge_network(network, check=Check.NETWORK, since=self._heard_at())
        yield from judge_network.judge_certificate(network.expires_at, self._practice.patience, now=self._now())
        if was_revoked(self._place.folder, identity):
            # It stands, whoever answers now: the kiosk has forgotten what it would need.
            yield from judge_network.judge_standing(Standing.REVOKED)
            return
        standing = Standing.NOT_ASKED
        if network.reached is Reached.ALL:
            feed, cursor = (NO_FEED, 0) if self._replica is None else (self._replica.feed, self._replica.cursor)
            standing = see_standing(identity, feed, cursor, clock)
        yield from judge_network.judge_standing(standing)

    def _heard_at(self) -> datetime | None:
        told = [
            *([self._ledger.heard_at] if self._ledger is not None else []),
            *([self._replica.verified_at] if self._replica is not None else []),
        ]
        return max((at for at in told if at is not None), default=None)

    def _clock(self) -> ClockFacts:
        return ClockFacts(self._now(), None if self._network is None else self._network.offset, self._heard_at())


def _sqlcipher() -> Iterator[Finding]:
    try:
        yield ok(Check.PROGRAM, "sqlcipher", version=sqlcipher_version())
    except InspectionError as error:
        yield failed(Check.PROGRAM, "sqlcipher_broken", detail=str(error))


def _readers(setting: str) -> Iterator[Finding]:
    if is_nfcpy(setting):
        return judge_nfcpy(see_nfcpy(parse_nfcpy(setting)))
    return judge_kiosk.judge_readers(see_readers(setting))
