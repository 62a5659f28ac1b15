"""The slip: one line for each scanned item, newest first."""

from dataclasses import dataclass

from circulation.ids import LoanId
from kiosk.view import Line, LineState
from ui.plain import plain
from ui.speech import SILENT, Phrase, Speech

MOST_REASONS = 3
"""Said at once; a child reads no more, and the desk knows all."""


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One line in words. ``loan`` is set while the item can be put back."""

    number: int
    state: LineState
    title: str
    status: Phrase
    due: Phrase = SILENT
    reasons: tuple[Phrase, ...] = ()
    instruction: Phrase = SILENT
    loan: LoanId | None = None

    def for_qml(self) -> dict[str, object]:
        """As a map for QML."""
        return {
            "number": self.number,
            "state": self.state.value,
            "title": self.title,
            "status": self.status.for_qml(),
            "due": self.due.for_qml(),
            "reasons": [reason.for_qml() for reason in self.reasons],
            "instruction": self.instruction.for_qml(),
            "can_put_back": self.loan is not None,
        }


def slip_line(line: Line, speech: Speech) -> SlipLine:
    """Put a line into words: the first reasons, and the first one's instruction, which a longer list would push off the screen."""
    return SlipLine(
        number=line.number,
        state=line.state,
        title=title_of(line.title, line.barcode, speech),
        status=speech.phrase(f"line.{line.state.value}"),
        due=SILENT if line.due is None or line.state is not LineState.BORROWED else speech.dated("line.due", line.due),
        reasons=tuple(speech.phrase(f"reason.{reason.value}") for reason in line.reasons[:MOST_REASONS]),
        instruction=speech.phrase(f"reason.{line.reasons[0].value}.do") if line.reasons else SILENT,
        loan=line.loan if line.state is LineState.BORROWED else None,
    )


def title_of(title: str, barcode: str, speech: Speech) -> str:
    """What an item is called: an unknown one by its barcode."""
    return plain(title) or speech.main.say("line.unknown_title", barcode=plain(barcode))
