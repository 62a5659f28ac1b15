"""What stands on a slip of paper, as values: the words come from the catalogue, titles and branches are plain text.

A slip is found on floors and in books, so it holds nothing of a person: no name (not even a masked one), no card, no number of either.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, unique

from circulation.checkins import Destination
from kiosk.view import Goodbye, Line, LoanLine, Place, ReturnLine
from texts.catalogue import Catalogue
from texts.dates import clock_time, short_date
from ui.card_codes import BadCard
from ui.plain import plain
from ui.speech import Phrase, Speech
from ui.viewmodels.place import branch_name

_LONGEST_TITLE = 90
"""Characters; three lines of a receipt."""


@unique
class Style(Enum):
    """How a paragraph is set: size in points, whether bold, at most so many lines (the rest is left out), millimetres of air below it."""

    DESTINATION = (34.0, True, 4, 0.7)
    TITLE = (18.0, True, 2, 0.7)
    NAME = (13.0, True, 3, 0.7)
    ITEM = (11.5, True, 3, 0.7)
    DETAIL = (10.5, False, 2, 0.7)
    WORDS = (10.5, False, 6, 0.7)
    SECOND = (8.5, False, 4, 0.7)
    """The second language."""
    SECOND_HEADING = (8.5, False, 2, 2.2)

    def __init__(self, points: float, bold: bool, most_lines: int, below: float) -> None:  # noqa: FBT001 - the fields of a member, not a switch
        self.points = points
        self.bold = bold
        self.most_lines = most_lines
        self.below = below


@dataclass(frozen=True, slots=True)
class Said:
    """One paragraph, always plain text."""

    text: str
    style: Style


@dataclass(frozen=True, slots=True)
class Block:
    """Paragraphs that stay together on one page. ``ruled``: a thin line stands above them. ``code``: a QR code below them says this."""

    said: tuple[Said, ...]
    ruled: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip, from its head to its foot."""

    blocks: tuple[Block, ...]


def loan_slip(goodbye: Goodbye, place: Place, speech: Speech, website: str = "") -> Slip:
    """Put a visit on paper: what was borrowed and renewed with its due date, and what was returned, newest first as on the screen.

    The code at its foot is the library's web address (``website``) and nothing more: whoever scans a lost slip learns of nobody.
    """
    blocks = [_head(speech.phrase("paper.loans"), place, speech)]
    blocks += _section("paper.borrowed", [_borrowed(line, speech) for line in goodbye.lines], speech)
    blocks += _section("paper.renewed", [_renewed(line, speech) for line in goodbye.renewed], speech)
    blocks += _section("paper.returned", [_returned(line, speech) for line in goodbye.returned], speech)
    foot = "paper.foot" if goodbye.lines or goodbye.renewed else "paper.foot.none"
    blocks.append(Block(_both(speech.phrase(foot), Style.DETAIL), ruled=True))
    if website:
        blocks.append(Block((Said(plain(website), Style.DETAIL),), code=_address(website)))
    return Slip(tuple(blocks))


def routing_slip(line: ReturnLine, place: Place, speech: Speech) -> Slip:
    """Put where an item must go on paper, for the librarian who lays the slip into it: the branch in big letters, then the item."""
    to = Block((*_both(speech.phrase("paper.send_to"), Style.NAME), *_branch(line.send_to, Style.DESTINATION, speech)), ruled=True)
    item = _item(line, speech)
    sent_from = Block((*_both(speech.phrase("paper.sent_from"), Style.DETAIL), *_branch(place.branch, Style.NAME, speech)), ruled=True)
    return Slip((_head(speech.phrase("paper.routing"), place, speech, with_branch=False), to, item, sent_from))


def hold_slip(line: ReturnLine, place: Place, speech: Speech) -> Slip:
    """Put on paper that somebody waits for an item, for the librarian who scans it: whoever that is, only the registry knows."""
    ask = Block(_both(speech.phrase("hold.slip.scan"), Style.NAME), ruled=True)
    item = _item(line, speech)
    return Slip((_head(speech.phrase("hold.slip"), place, speech), ask, item))


def check_slip(card: BadCard, place: Place, speech: Speech) -> Slip:
    """Put on paper what a school needs to know of a card that does not work.

    Nothing of whose card it is: class and seat are written on it by hand, by whoever gives it to the school.
    """
    code = Block((*_both(speech.phrase("check.code"), Style.NAME), Said(card.code, Style.DESTINATION)), ruled=True)
    why = Block(
        (*_both(speech.phrase("check.slip.of"), Style.NAME), *_both(speech.phrase(f"check.slip.{card.refusal.value}"), Style.WORDS)),
        ruled=True,
    )
    by_hand = Block(_both(speech.phrase("check.slip.fill"), Style.NAME), ruled=True)
    found_by = (
        [Block(_both(speech.phrase("check.reference", reference=card.reference), Style.DETAIL), ruled=True)] if card.reference else []
    )
    return Slip((_head(speech.phrase("check.slip"), place, speech), code, why, by_hand, *found_by))


def trial_slip(at: datetime, speech: Speech, website: str = "") -> Slip:
    """Put on paper what shows whether a printer prints well: both languages in every size, rules from edge to edge, a code."""
    head = Block((*_both(speech.phrase("paper.test"), Style.TITLE), Said(_moment(at, speech.main), Style.DETAIL)))
    sizes = Block(tuple(Said(speech.main.say("paper.test.sizes"), style) for style in Style), ruled=True)
    scan = Block(_both(speech.phrase("paper.test.code"), Style.DETAIL), ruled=True, code=_address(website) if website else "youyue")
    return Slip((head, sizes, scan, Block((), ruled=True)))


def _address(website: str) -> str:
    """As a telephone opens it."""
    return website if "://" in website else f"https://{website}"


def _item(line: ReturnLine, speech: Speech) -> Block:
    """The item, and its own barcode to be scanned from the slip."""
    barcode = plain(line.barcode)
    return Block(_titled(plain(line.title, longest=_LONGEST_TITLE), barcode, Style.NAME, speech), ruled=True, code=barcode)


def _head(heading: Phrase, place: Place, speech: Speech, *, with_branch: bool = True) -> Block:
    branch = _branch(place.branch, Style.NAME, speech) if with_branch else ()
    at = Said(_moment(place.local_time, speech.main), Style.DETAIL)
    return Block((*branch, *_both(heading, Style.TITLE), at))


def _branch(branch: str, style: Style, speech: Speech) -> tuple[Said, ...]:
    """Its name as the screens say it; nothing when none is known yet."""
    name = branch_name(branch, speech)
    return tuple(Said(text, size) for text, size in ((name.main, style), (name.second, Style.SECOND)) if text)


def _moment(at: datetime, catalogue: Catalogue) -> str:
    """With its year: a slip lies in a book for long."""
    return catalogue.say("paper.made", year=at.year, date=short_date(at.date(), catalogue), time=clock_time(at))


def _section(key: str, items: Sequence[Block], speech: Speech) -> Iterator[Block]:
    """A heading with its count stays with its first item: a page never ends on a heading."""
    if items:
        heading = _both(speech.phrase(key, count=len(items)), Style.NAME, Style.SECOND_HEADING)
        yield Block((*heading, *items[0].said), ruled=True)
        yield from items[1:]


def _borrowed(line: Line, speech: Speech) -> Block:
    return Block((_title(line.title, line.barcode, speech), *_due(line.due, speech)))


def _renewed(line: LoanLine, speech: Speech) -> Block:
    """Without its title where that is hidden (R21)."""
    title = plain(line.title, longest=_LONGEST_TITLE) or speech.main.say("paper.untitled")
    return Block((Said(title, Style.ITEM), *_due(line.due, speech)))


def _returned(line: ReturnLine, speech: Speech) -> Block:
    notes = [speech.phrase("paper.returned.late", count=line.days_late)] if line.days_late else []
    notes += [speech.phrase("paper.returned.staff")] if line.destination is Destination.STAFF else []
    said = (said for note in notes for said in _both(note, Style.DETAIL))
    return Block((_title(line.title, line.barcode, speech), *said))


def _title(title: str, barcode: str, speech: Speech) -> Said:
    said = plain(title, longest=_LONGEST_TITLE) or speech.main.say("line.unknown_title", barcode=plain(barcode))
    return Said(said, Style.ITEM)


def _titled(title: str, barcode: str, style: Style, speech: Speech) -> tuple[Said, ...]:
    numbered = Said(speech.main.say("line.unknown_title", barcode=barcode), Style.DETAIL if title else style)
    return (Said(title, style), numbered) if title else (numbered,)


def _due(due: date | None, speech: Speech) -> tuple[Said, ...]:
    if due is None:
        return ()
    said = Phrase(
        speech.main.say("line.due", date=short_date(due, speech.main)),
        speech.second.say("line.due", date=short_date(due, speech.second)),
    )
    return _both(said, Style.DETAIL)


def _both(phrase: Phrase, style: Style, second: Style = Style.SECOND) -> tuple[Said, ...]:
    return (Said(phrase.main, style), Said(phrase.second, second))
