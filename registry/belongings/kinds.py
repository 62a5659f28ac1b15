"""Every column that names a patron, and what becomes of its rows when two accounts become one.

A table that names patrons and stands neither here nor under ``STAYS`` fails ``tests/unit/registry/belongings``;
one that were forgotten all the same would stop the merge itself: its rows would point to nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass

OWNER = "patron"
"""The table of patrons itself."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """A column that names a patron.

    ``one_per`` says that a patron has at most one row for each value of these columns (none of them: one row
    at all): where both accounts have one, the survivor's stays. ``while_null`` limits that to rows in which this column
    is null; the others all move. ``is_key``: the column is part of the row's own key, so
    that a row which moves becomes another one. ``is_history`` marks rows that are only ever added: taking a change back
    leaves them, and adds what it does itself.
    """

    table: str
    column: str = "patron"
    one_per: tuple[str, ...] | None = None
    while_null: str | None = None
    is_key: bool = False
    is_history: bool = False


BELONGINGS = (
    Belonging("card", one_per=("kind",)),
    Belonging("former_card"),
    Belonging("card_loss_report"),
    Belonging("found_card"),
    Belonging("bureau_card"),
    Belonging("feed_word", one_per=(), is_key=True),
    Belonging("card_event", is_history=True),
    Belonging("loan"),
    Belonging("hold"),
    Belonging("served_hold"),
    Belonging("item", "held_for"),
    Belonging("block"),
    Belonging("pin", one_per=(), is_key=True),
    Belonging("pin_code", one_per=()),
    Belonging("pupil", one_per=(), is_key=True),
    Belonging("contact", one_per=(), is_key=True),
    Belonging("consent", one_per=("school_year",), is_key=True),
    Belonging("staff_case"),
    Belonging("staff_case", "other_patron"),
    Belonging("flagged_fact"),
    Belonging("national_id_alias"),
    Belonging("merge", "survivor"),
    Belonging("no_show"),
    Belonging("notice"),
    Belonging("late_return"),
    Belonging("suspension", one_per=(), is_key=True),
    Belonging("mobile_device"),
    Belonging("contact_completion", one_per=(), is_key=True),
    Belonging("withdrawal", one_per=(), while_null="ended_at"),
    Belonging("code_message"),
    Belonging("desk_application", one_per=()),
    Belonging("account_end", one_per=(), is_key=True),
    Belonging("guardian", "child"),
    Belonging("guardian", "adult"),
    Belonging("family_member", "member", one_per=("family", "since"), is_key=True),
    Belonging("privacy_request"),
    Belonging("correction"),
    Belonging("source_notice", one_per=("source", "batch"), is_key=True),
)
"""In the order in which they move. The programme's own rule: what a patron has is the patron's and not the card's (R8)."""

STAYS: Mapping[tuple[str, str], str] = {
    ("merge", "vanished"): "it names the account that is gone, for facts that still do",
    ("merge", "into"): "it says what happened at the time",
    ("audit_subject", "patron"): "the trail says who was shown then, and its seal covers it",
    ("withdrawal", "guardian"): "it names a guardianship, not a patron",
    ("family_member", "family"): "a family account is merged with nobody (R20)",
}
"""Columns that name a patron and never change, each with the reason."""
