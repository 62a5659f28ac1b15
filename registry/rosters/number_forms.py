"""The forms of card numbers that were found by comparing cards with their numbers on file: one a sender."""

from dataclasses import dataclass
from datetime import datetime

from circulation.cards import NumberForm


@dataclass(frozen=True, slots=True)
class CalibratedForm:
    """How a sender writes card numbers, by so many ``cards`` compared at ``at`` (aware UTC)."""

    sender: str
    form: NumberForm
    cards: int
    at: datetime


@dataclass(frozen=True, slots=True)
class SenderForm:
    """A calibrated sender, and the other forms by which files of it were read before."""

    calibrated: CalibratedForm
    read_before: tuple[NumberForm, ...] = ()


class FormContradictedError(ValueError):
    """A file is to be read by another form than its sender was found to write."""

    def __init__(self, calibrated: CalibratedForm, wanted: NumberForm) -> None:
        super().__init__(f"{calibrated.sender} writes {calibrated.form}, not {wanted}")
        self.calibrated = calibrated
        self.wanted = wanted


def form_of(calibrated: CalibratedForm | None, *, given: NumberForm | None, saved: NumberForm | None) -> NumberForm:
    """Choose the form to read a file by: as calibrated, else as the command says, else as the sender's last file, else hex.

    Raises:
        FormContradictedError: the command says another form than the calibrated one.

    """
    if calibrated is None:
        return given or saved or NumberForm.HEX
    if given is not None and given is not calibrated.form:
        raise FormContradictedError(calibrated, given)
    return calibrated.form
