"""The tray: slips as PDF files in a folder, from which the printing system takes them."""

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from pathlib import Path

import structlog

from kiosk.view import Goodbye, Place, ReturnLine
from ui.card_codes import BadCard
from ui.paper.pdf import DrawingError, pdf_of
from ui.paper.sheet import SHEETS, PaperWidth, set_on_pages
from ui.paper.slips import Slip, check_slip, hold_slip, loan_slip, routing_slip, trial_slip
from ui.speech import Speech

_log = structlog.get_logger()


@unique
class PaperProblem(StrEnum):
    """Why there is no slip; ``paper.problem.*`` of the catalogue says it to people."""

    NO_FOLDER = "no_folder"
    NOT_PERMITTED = "not_permitted"
    DISK_FULL = "disk_full"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Printed:
    """The slip is a whole file now."""

    path: Path


@dataclass(frozen=True, slots=True)
class NotPrinted:
    """There is no file and nothing of one."""

    problem: PaperProblem


@dataclass(frozen=True, slots=True)
class Queued:
    """The slip is on its way to a printer, which says by this ticket what became of it."""

    ticket: int


Outcome = Printed | NotPrinted | Queued

_PROBLEM_OF = {
    errno.ENOENT: PaperProblem.NO_FOLDER,
    errno.ENOTDIR: PaperProblem.NO_FOLDER,
    errno.EACCES: PaperProblem.NOT_PERMITTED,
    errno.EPERM: PaperProblem.NOT_PERMITTED,
    errno.EROFS: PaperProblem.NOT_PERMITTED,
    errno.ENOSPC: PaperProblem.DISK_FULL,
    errno.EDQUOT: PaperProblem.DISK_FULL,
}


@dataclass(frozen=True, slots=True)
class SlipPaper:
    """Makes slips for one kiosk. Each takes tens of milliseconds and writes to the disk.

    Args:
        folder: where the files go; it must exist.
        width: the printer's paper.
        now: aware UTC, for the file names.
        token: a new random word of letters and digits, for the file names.
        website: the library's address on the web, for the code on a patron's slip; without one there is none.

    """

    folder: Path
    width: PaperWidth
    now: Callable[[], datetime]
    token: Callable[[], str]
    website: str = ""

    def loans(self, goodbye: Goodbye, place: Place, speech: Speech) -> Outcome:
        """Make the slip of a visit, in the patron's order of languages."""
        return self._make("loans", loan_slip(goodbye, place, speech, self.website))

    def routing(self, line: ReturnLine, place: Place, speech: Speech) -> Outcome:
        """Make the slip that goes with an item to its branch."""
        return self._make("routing", routing_slip(line, place, speech))

    def hold(self, line: ReturnLine, place: Place, speech: Speech) -> Outcome:
        """Make the slip that goes with an item that somebody waits for to the desk."""
        return self._make("hold", hold_slip(line, place, speech))

    def check(self, card: BadCard, place: Place, speech: Speech) -> Outcome:
        """Make the slip for the school of a card that does not work."""
        return self._make("check", check_slip(card, place, speech))

    def trial(self, at: datetime, speech: Speech) -> Outcome:
        """Make a slip that shows how the printer prints."""
        return self._make("trial", trial_slip(at, speech, self.website))

    def _make(self, kind: str, slip: Slip) -> Outcome:
        sheet = SHEETS[self.width]
        name = f"{kind}-{self.now():%Y%m%dT%H%M%SZ}-{self.token()}.pdf"
        try:
            return Printed(_written(self.folder / name, pdf_of(set_on_pages(slip, sheet), sheet)))
        except OSError as error:
            problem = _PROBLEM_OF.get(error.errno or 0, PaperProblem.OTHER)
        except DrawingError:
            problem = PaperProblem.OTHER
        _log.warning("slip_not_printed", problem=problem.value)
        return NotPrinted(problem)


def _written(path: Path, document: bytes) -> Path:
    """Write a new file that only its owner reads and that is never seen half.

    Raises:
        OSError: it can't be written; what was begun is removed.

    """
    begun = path.with_name(f".{path.name}.part")
    descriptor = os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - pathlib opens no descriptor
            file.write(document)
            file.flush()
            os.fsync(file.fileno())
        begun.replace(path)
    except OSError:
        with suppress(OSError):
            begun.unlink()
        raise
    return path
