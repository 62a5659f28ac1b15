"""What the demo's tray holds under the scanner: books, a library card with a barcode, and one for every way a scan can fail."""

from collections.abc import Callable
from itertools import islice

from circulation.barcodes import with_codabar_check_digit
from registry.enrolment.names import NameStyle, masked
from ui.viewmodels.card_tray import TrayBook
from youyue.demo.stage import FIRST_BRANCH, LIBRARY_CARD, Stage

ITEM_CODES, CARD_CODES = "3#{12}%", "2#{12}%"
"""How the codes of the demo city look, where the settings say nothing else."""

_BOOKS = 8
_PUBLISHERS = "9789573317241"
_NOBODYS = "ABC-123"


def tray_scans(stage: Stage, say: Callable[[str], str]) -> list[TrayBook]:
    """All of them, the books first."""
    books = [TrayBook(copy.barcode, copy.title) for copy in islice(stage.city.copies_of(FIRST_BRANCH), _BOOKS)]
    owner = masked(stage.pupil().full_name, NameStyle.SURNAME)
    odd = {"publisher": _PUBLISHERS, "misread": misread(books[0].key), "nobody": _NOBODYS}
    return [
        *books,
        TrayBook(LIBRARY_CARD.hex, owner, say("tray.scan.card")),
        *(TrayBook(code, code, say(f"tray.scan.{key}")) for key, code in odd.items()),
    ]


def misread(barcode: str) -> str:
    """A barcode as a scanner might misread it: one digit is another, so the check digit is wrong."""
    right = with_codabar_check_digit(barcode[:-1])[-1]
    return f"{barcode[:-1]}{(int(right) + 1) % 10}"
