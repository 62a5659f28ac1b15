"""The store of calibrated number forms."""

from sqlalchemy import Connection, delete, insert, select

from circulation.cards import NumberForm
from registry.database import UnitOfWork
from registry.rosters.number_forms import CalibratedForm, SenderForm
from registry.rosters.tables import calibrated_form, roster_sender


def find(connection: Connection, sender: str) -> CalibratedForm | None:
    """The form of a sender; none when it was not calibrated."""
    row = connection.execute(select(calibrated_form).where(calibrated_form.c.sender == sender)).first()
    return None if row is None else CalibratedForm(row.sender, NumberForm(row.number_form), row.cards, row.at)


def save(work: UnitOfWork, one: CalibratedForm, *, by: str) -> None:
    """Keep the form in the place of an earlier one."""
    work.connection.execute(delete(calibrated_form).where(calibrated_form.c.sender == one.sender))
    work.connection.execute(
        insert(calibrated_form), {"sender": one.sender, "number_form": one.form.value, "cards": one.cards, "at": one.at, "actor": by}
    )


def of_all(connection: Connection) -> tuple[SenderForm, ...]:
    """Every calibrated sender by its code, and by which other forms its latest files were read."""
    read: dict[str, set[str]] = {}
    for row in connection.execute(select(roster_sender.c.sender, roster_sender.c.number_form)):
        read.setdefault(row.sender, set()).add(row.number_form)
    rows = connection.execute(select(calibrated_form).order_by(calibrated_form.c.sender))
    return tuple(
        SenderForm(
            CalibratedForm(row.sender, NumberForm(row.number_form), row.cards, row.at),
            tuple(NumberForm(form) for form in sorted(read.get(row.sender, set()) - {row.number_form})),
        )
        for row in rows
    )
