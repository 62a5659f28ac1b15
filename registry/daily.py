"""What a running registry does by itself once a day, in its order: first what branches and families wait for, then what is forgotten."""

from typing import TYPE_CHECKING

from registry.upkeep import QuietHour, Upkeep

if TYPE_CHECKING:
    from registry.house import Registry


def upkeep_of(registry: "Registry") -> Upkeep:
    """The upkeep of an opened registry."""
    retention = registry.retention()
    settings, now = registry.settings, registry.outside.now
    daily = (
        registry.desk.hold_upkeep.once,
        registry.desk.contacts.hand_back_waiting,
        registry.people.withdrawals.complete_all,
        registry.rosters.batches.expire,
        registry.casework.forget,
        registry.forget_old_changes,
        retention.once,
        registry.desk.mobile.keys.end_followed,
        registry.privacy.keeping.daily,
    )
    quiet = QuietHour(settings.quiet_hour, settings.zone, registry.folder / "kept-up")
    return Upkeep(registry.refusals, daily, quiet, now=now, stopping=retention.stop)
