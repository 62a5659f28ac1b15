"""Sentences in both languages, and who acts: for commands of kiosk and registry alike, so nothing of either is needed here."""

import click

from circulation.cards import CardKind
from texts.catalogue import open_catalogue

CATALOGUES = (open_catalogue("zh_TW"), open_catalogue("en"))
NOBODY_NAMED = "command line"
staff_option = click.option("--staff", default=NOBODY_NAMED, show_default=True, help="Who does this, for the audit trail.")


def said(key: str, *, of_kind: CardKind | None = None, **values: object) -> str:
    """A sentence in every language; ``of_kind`` fills in the card's kind in its own."""
    return " / ".join(
        catalogue.say(key, **values, **({} if of_kind is None else {"kind": catalogue.say(f"desk.kind.{of_kind}")}))
        for catalogue in CATALOGUES
    )
