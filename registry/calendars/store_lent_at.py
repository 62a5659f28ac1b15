"""At which branch a loan was made: its calendar moves the due date, because the kiosk there promised it.

A loan of the system before was made by no kiosk: for it the item's home counts.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, func

from registry.catalogue.tables import item
from registry.kiosks.tables import kiosk
from registry.lending.tables import loan


def lent_at_branch() -> ColumnElement[str]:
    """The branch of a loan; in a select ``with_lending_branch`` only."""
    return func.coalesce(kiosk.c.branch, item.c.branch).label("branch")


def with_lending_branch(of_loans: Select[Any]) -> Select[Any]:
    """Join what ``lent_at_branch`` needs."""
    return of_loans.select_from(loan).join(item, item.c.id == loan.c.item).outerjoin(kiosk, kiosk.c.id == loan.c.kiosk)
