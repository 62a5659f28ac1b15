"""What the commands about one card share: how it is named, and who does this."""

from collections.abc import Callable
from functools import wraps

from registry.house import Registry
from youyue.cli.desk import (
    at_the_registry,
    card_of,
    kind_of,
    kind_option,
    national_id_option,
    number_argument,
    patron_of,
    staff_option,
)

LAST_DIGITS = 4
"""The last digits of a number are enough to tell a patron's cards apart."""


def at_a_card(command: Callable[..., None]) -> Callable[..., None]:
    """As ``at_the_registry``; the command also gets the patron and the card of a number, or of a national ID and a kind."""

    @number_argument
    @national_id_option
    @kind_option
    @staff_option
    @at_the_registry
    @wraps(command)
    def with_card(registry: Registry, *, number: str | None, national_id: bool, kind: str, staff: str, **words: object) -> None:
        patron = patron_of(registry, number, national_id=national_id)
        command(registry, patron, card_of(patron, kind_of(patron, number, kind)), staff=staff, **words)

    return with_card
