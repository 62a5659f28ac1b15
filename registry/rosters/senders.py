"""How a sender writes its files: own headings for what we read, and the form of its card numbers. Saved with the first file that was taken."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from circulation.cards import NumberForm
from registry.rosters.headings import Columns, Field, Layout, RosterKind, field_called, folded, shown_heading
from registry.rosters.problems import FileFault, RosterFileError

_DIGEST = 16


@dataclass(frozen=True, slots=True)
class SenderFormat:
    """How a sender writes files of a kind.

    ``own`` are its own headings (folded) and what they mean, ``read`` all headings that are read; ``headings`` are digests of every
    heading: one that is not read may hold anything, such as a teacher's name.
    """

    sender: str
    kind: RosterKind
    number_form: NumberForm
    own: Mapping[str, Field]
    read: tuple[str, ...]
    headings: frozenset[str]

    @classmethod
    def of(cls, sender: str, kind: RosterKind, number_form: NumberForm, columns: Columns, own: Mapping[str, Field]) -> "SenderFormat":
        """What a file that was taken shows of its sender."""
        read = tuple(folded(columns.headings[place]) for place in columns.places.values())
        return cls(
            sender, kind, number_form, {heading: field for heading, field in own.items() if heading in read}, read, _all(columns.headings)
        )


def own_headings(words: Iterable[str]) -> dict[str, Field]:
    """A mapping as people write it, such as ``家長手機=行動電話``, by the folded heading.

    Raises:
        RosterFileError: ``MAPPING_WRONG``.

    """
    found: dict[str, Field] = {}
    for word in words:
        heading, _, name = word.partition("=")
        field = field_called(name)
        if field is None or not folded(heading):
            raise RosterFileError(FileFault.MAPPING_WRONG, mapping=shown_heading(word))
        found[folded(heading)] = field
    return found


def check_mapping(headings: Sequence[str], layout: Layout, plain: Layout) -> None:
    """See whether a sender's own headings fit a file. ``plain`` is the layout without them.

    Raises:
        RosterFileError: ``MAPPING_WRONG``: no such heading or column; ``MAPPING_OVERRIDES``: a heading that is needed as it is.

    """
    written = {folded(heading): heading for heading in headings}
    for heading, field in layout.own.items():
        if heading not in written or field not in layout.fields:
            raise RosterFileError(FileFault.MAPPING_WRONG, mapping=shown_heading(f"{written.get(heading, heading)}={field}"))
        means = plain.field_of(heading)
        if means in plain.needed and means is not field:
            raise RosterFileError(FileFault.MAPPING_OVERRIDES, heading=shown_heading(written[heading]), field=str(field))


def check_same(headings: Sequence[str], saved: SenderFormat) -> None:
    """See whether a file has the headings that the sender's last one had.

    Raises:
        RosterFileError: ``HEADINGS_CHANGED``, with what is missing and what is new.

    """
    now = _all(headings)
    if now == saved.headings:
        return
    here = {folded(heading) for heading in headings}
    missing = [heading for heading in saved.read if heading not in here]
    others = len(saved.headings - now) - len(missing)
    named = [shown_heading(heading) for heading in missing] + ([f"+{others}"] if others > 0 else [])
    new = [shown_heading(heading) for heading in headings if folded(heading) and _digest(folded(heading)) not in saved.headings]
    raise RosterFileError(FileFault.HEADINGS_CHANGED, missing="、".join(named) or "–", new="、".join(new) or "–")


def _all(headings: Iterable[str]) -> frozenset[str]:
    return frozenset(_digest(plain) for heading in headings if (plain := folded(heading)))


def _digest(heading: str) -> str:
    return hashlib.sha256(heading.encode()).hexdigest()[:_DIGEST]
