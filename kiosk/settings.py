"""What a library may set at a kiosk. Durations are seconds of the monotonic clock."""

from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from circulation.barcodes import CodeForms
from circulation.offline import OfflineLimits
from kiosk.modes import Mode


@dataclass(frozen=True, slots=True)
class KioskSettings:
    """The settings of one kiosk, with the library's defaults."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Taipei"))
    branch_name: str = ""
    """Shown until the replica names the branch."""
    idle: float = 20
    """Without a touch for so long, the countdown begins."""
    countdown: float = 10
    """Then so long until everything is wiped."""
    goodbye: float = 8
    refused: float = 8
    other_card: float = 4
    """How long the notice stands that another card is no part of this session."""
    waiting: float = 30
    """How long items scanned before any card, or during a countdown, wait for the tap, from the last scan on."""
    most_waiting: int = 10
    due_soon_days: int = 3
    page_chunk: float = 0.008
    """Time for changed rows in one transaction: with its commit it stays below 20 ms, so that no tap waits longer."""
    pull_again: float = 60
    """After an answer that can't be used, ask again this much later."""
    compare_every: float = 30
    """So often a portion of the replica is compared with the registry: a million rows in 17 hours."""
    compare_rows: int = 500
    """About so many rows at once: some 10 ms of the core's thread."""
    push_again: float = 60
    ledger_again: float = 30
    """A ledger that could not be written is tried again this much later."""
    keep_answered: timedelta = timedelta(days=7)
    """An answered fact stays in the ledger for so long: it may be asked for again by a registry that lost it."""
    titles_need_pin: bool = True
    """Whether a bare card shows the titles of loans and holds only after the PIN (R21)."""
    pin_tries: int = 3
    """Wrong PINs in one visit; the registry counts over all visits."""
    done: float = 12
    """How long the screen after a loss report stands."""
    found_again: float = 3600
    """A lost card that is shown again within this time is the same find: it is told once."""
    code_skew: timedelta = timedelta(seconds=15)
    """How far registry and kiosk may be apart in time: a mobile card's code is good that much longer than its half minute."""
    code_clock_fresh: float = 600
    """For so long after it was heard the registry's time stands alone; then the wall clock must agree, or codes are refused."""
    code_clock_tolerance: timedelta = timedelta(seconds=30)
    codes: CodeForms = field(default_factory=CodeForms)
    """What the library's barcodes look like."""
    scan_notice: float = 5
    """How long it is said that a scan was nothing."""
    mode: Mode = Mode.LENDING
    """What the kiosk is for when it starts; the core puts in its place what staff chose since."""
    class_visit: float = 2400
    class_goodbye: float = 5
    """How long the slip of a turn stands while a class is here."""
    checked: float = 4
    """How long it stands that a card works; what is the matter with one stands as long as ``done``: there is a code to be written down."""
    device_page: float = 300
    """So long without a touch, a card or a code the page of devices stays open."""
    offline: OfflineLimits = field(default_factory=OfflineLimits)
    """What holds while the registry never told any offline terms."""
