"""Slips of a running kiosk, for a terminal: what may be reprinted is in the kiosk's memory only, so another process has to ask."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import DecodeError, Struct, json

from ui.paper.kept import KeptSlip
from youyue.line_desk import LineDesk, LineDeskError, ask_line_desk

if TYPE_CHECKING:  # a terminal that asks draws no slip
    from ui.paper.roll import SlipRoll


class SlipAsk(Struct, frozen=True, forbid_unknown_fields=True):
    """What a terminal wants: the list (``reprint`` false), the newest slip again, or that of a number."""

    reprint: bool = False
    number: int | None = None


class ToldSlip(Struct, frozen=True):
    """One slip that is kept: never what stands on it. ``fate`` and ``fault`` are codes."""

    number: int
    kind: str
    made_at: datetime
    fate: str
    fault: str | None = None


class SlipAnswer(Struct, frozen=True):
    """What there is, oldest first, and which slip is printed again now, if any."""

    slips: list[ToldSlip]
    reprinted: ToldSlip | None = None


class SlipDeskError(Exception):
    """No kiosk with a receipt printer answers at the socket."""


class SlipDesk:
    """Answers terminals about the slips of a roll, in the GUI thread."""

    def __init__(self, path: Path, roll: "SlipRoll") -> None:
        self._roll = roll
        self._desk = LineDesk(path, self._answer)

    def close(self) -> None:
        """Answer nobody any more."""
        self._desk.close()

    def _answer(self, line: bytes) -> bytes:
        try:
            asked = json.decode(line, type=SlipAsk)
        except DecodeError:  # of a version that is not ours
            return json.encode(SlipAnswer([]))
        again = self._roll.reprint(asked.number) if asked.reprint else None
        return json.encode(SlipAnswer([_told(slip) for slip in self._roll.kept()], _told(again) if again is not None else None))


def _told(slip: KeptSlip) -> ToldSlip:
    return ToldSlip(slip.ticket, slip.kind.value, slip.made_at, slip.fate.value, slip.fault.value if slip.fault else None)


def ask_slip_desk(path: Path, asked: SlipAsk) -> SlipAnswer:
    """Ask a running kiosk.

    Raises:
        SlipDeskError: none answers.

    """
    try:
        return json.decode(ask_line_desk(path, json.encode(asked)), type=SlipAnswer)
    except (LineDeskError, DecodeError) as error:
        where = str(error) if isinstance(error, LineDeskError) else f"{path} ({type(error).__name__})"
        message = f"no kiosk with a receipt printer answers at {where}: start the kiosk, and name its printer in kiosk.printer"
        raise SlipDeskError(message) from None
