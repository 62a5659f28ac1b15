"""What a library may set about its registry."""

from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from registry.enrolment.names import NameStyle
from registry.rosters.policy import RosterPolicy


@dataclass(frozen=True, slots=True)
class RegistrySettings:
    """Settings with their defaults.

    ``time_zone`` decides which local date it is. ``gather`` is how long ordinary changes are collected
    before polls are woken; cards and blocks never wait. ``look`` is how soon changes are found that
    another process made without a word. A snapshot more than ``snapshot_lag`` changes
    behind the head is built anew. ``feed_kept`` is how long changes (and tombstones) can be asked for:
    sync rule 8 says at least 90 days. ``names`` is how a name is masked. ``upkeep`` is how often the service
    looks after itself: it writes what it counted, and once a day, from ``quiet_hour`` (0 to 23, local) on, it drops old changes and
    cuts who had what. ``pin_checks_a_minute`` and
    ``loss_reports_a_minute`` are what one kiosk may ask, and a report by national ID is answered after ``loss_answer``,
    whether or not anything matched; more than three an hour for one number do nothing. ``dispute_window`` after its end
    a loan forgets its patron; ``unread_kept`` long facts stay that could not be read. A copy that was set aside or sent for a hold and was
    not seen for ``hold_transit`` is looked for, and the hold waits again (an assumption: the library has published no number).
    ``notices_kept`` after a patron was told a notice is forgotten.
    Mobile cards: one app may ask for
    ``sign_ins_a_minute``, everybody together for ``sign_ins_of_a_number`` with one number ``sign_ins_of_a_number_in`` a while, and each is
    answered after ``sign_in_answer`` at the soonest; one device for ``codes_a_minute`` and
    ``member_requests_a_minute``. A patron has ``devices_of_a_patron`` at most, and
    one that was not seen for ``device_idle`` is signed out. A new key of mobile codes is told ``mobile_key_lead`` before it signs.
    ``rosters``: see there. ``audit_kept`` long entries of the audit trail
    stay, but never shorter than the law's term; none: for ever.
    ``undo_decisions_for`` long a decided case and a
    merge of two accounts can be undone, ``cases_kept`` long a decided case still says whom it was about; with ``merges_need_two`` no
    two accounts become one by one person's word. ``rosters``: see there.
    """

    time_zone: str = "Asia/Taipei"
    gather: timedelta = timedelta(seconds=1)
    look: timedelta = timedelta(seconds=2)
    snapshot_lag: int = 10_000
    snapshots_kept: int = 2
    snapshot_patience: timedelta = timedelta(seconds=20)
    feed_kept: timedelta = timedelta(days=90)
    dispute_window: timedelta = timedelta(days=14)
    unread_kept: timedelta = timedelta(days=90)
    hold_transit: timedelta = timedelta(days=7)
    notices_kept: timedelta = timedelta(days=14)
    audit_kept: timedelta | None = None
    code_lives: timedelta = timedelta(minutes=15)
    pin_code_lives: timedelta = timedelta(days=14)
    pin_checks_a_minute: int = 60
    loss_reports_a_minute: int = 6
    loss_reports_an_hour_of_a_number: int = 3
    loss_answer: timedelta = timedelta(milliseconds=400)
    sign_ins_a_minute: int = 600
    sign_ins_of_a_number: int = 5
    sign_ins_of_a_number_in: timedelta = timedelta(minutes=15)
    sign_in_answer: timedelta = timedelta(milliseconds=400)
    codes_a_minute: int = 12
    member_requests_a_minute: int = 30
    devices_of_a_patron: int = 10
    device_idle: timedelta = timedelta(days=180)
    mobile_key_lead: timedelta = timedelta(days=1)
    body_patience: timedelta = timedelta(seconds=30)
    max_body: int = 4 * 1024 * 1024
    upkeep: timedelta = timedelta(minutes=1)
    quiet_hour: int = 3
    undo_decisions_for: timedelta = timedelta(days=30)
    cases_kept: timedelta = timedelta(days=365)
    merges_need_two: bool = False
    names: NameStyle = NameStyle.SURNAME
    rosters: RosterPolicy = field(default_factory=RosterPolicy)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone.

        Raises:
            ZoneInfoNotFoundError: there is no such zone.

        """
        return ZoneInfo(self.time_zone)
