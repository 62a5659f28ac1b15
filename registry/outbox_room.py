"""The desk for facts on a stick, put together from a registry."""

from registry.exchange.outbox_desk import OutboxDesk
from registry.exchange.push import FactIntake
from registry.house import Registry


def outbox_desk_of(registry: Registry) -> OutboxDesk:
    """What takes kiosks' facts that came on a stick: the same intake as that of the service."""
    now, after_loans = registry.outside.now, registry.people.withdrawals.after_loans
    intake = FactIntake(registry.database, now=now, zone=registry.settings.zone, notify=_quietly, after_loans=after_loans)
    return OutboxDesk(registry.database, registry.keys, intake, now=now)


def _quietly(*, urgent: bool) -> None:
    """A command serves no polls; the service, in its own process, looks for what others wrote."""
