"""The list for a call to a school, as a page to print. It says who should come to the library, and nothing of why (Q3-3c).

Data minimisation: a school finds its pupil by the student number (學號) and the mask of the name, so no name in full is on
paper. Only where the Bureau gave no student number stands the birth date, without which nobody could tell two 王○○ apart.
"""

import html
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from registry.schools.store_worklist import Incomplete
from texts.catalogue import Catalogue

_STYLE = """
@page { size: A4; margin: 18mm 15mm; }
* { box-sizing: border-box; }
body { font: 11pt/1.5 "Noto Sans CJK TC", "Noto Sans TC", sans-serif; color: #000; background: #fff; margin: 0 auto; max-width: 180mm; }
h1 { font-size: 15pt; margin: 0 0 2mm; }
p { margin: 0 0 3mm; }
table { width: 100%; border-collapse: collapse; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { border: 0.3mm solid #000; padding: 1.5mm 2mm; text-align: left; vertical-align: top; }
.number, .done { width: 14mm; text-align: center; }
"""


@dataclass(frozen=True, slots=True)
class CallList:
    """Whom a school should send to the library. ``phone`` is the school's own; ``branch`` the name of the branch that calls."""

    school: str
    school_name: str
    branch: str
    school_year: int
    on: date
    phone: str | None
    pupils: tuple[Incomplete, ...] = field(repr=False)

    @property
    def phones(self) -> tuple[str, ...]:
        """The phones to call, each once: those of the pupils' rows, then the school's own."""
        of_rows = (phone for one in self.pupils for phone in one.route.phones)
        return tuple(dict.fromkeys((*of_rows, *((self.phone,) if self.phone else ()))))


def call_list_page(one: CallList, catalogues: Sequence[Catalogue]) -> str:
    """The page, in every language, complete in itself: nothing is fetched, nothing runs."""
    return "\n".join(_lines(one, catalogues)) + "\n"


def _lines(one: CallList, catalogues: Sequence[Catalogue]) -> Iterator[str]:
    def said(key: str, **values: object) -> str:
        return " / ".join(html.escape(catalogue.say(key, **values)) for catalogue in catalogues)

    title = said("schools.call.title", school=one.school_name, code=one.school)
    yield '<!doctype html>\n<html lang="zh-Hant">\n<head>\n<meta charset="utf-8">'
    yield f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>"
    yield f"<h1>{title}</h1>"
    yield f"<p>{said('schools.call.about', branch=one.branch, year=one.school_year, date=one.on, count=len(one.pupils))}</p>"
    yield f"<p>{said('schools.call.phones', phones='、'.join(one.phones))}</p>"
    for catalogue in catalogues:
        yield f"<p>{html.escape(catalogue.say('schools.call.say_only'))}</p>"
    headings = [said(f"schools.call.column.{column}") for column in ("row", "pupil", "name", "done")]
    yield f"<table>\n<thead><tr>{''.join(f'<th>{heading}</th>' for heading in headings)}</tr></thead>\n<tbody>"
    for number, pupil in enumerate(one.pupils, start=1):
        known_by = html.escape(pupil.student_number) if pupil.student_number else _born(pupil, said)
        yield (
            f'<tr><td class="number">{number}</td><td>{known_by}</td><td>{html.escape(pupil.masked_name)}</td><td class="done">□</td></tr>'
        )
    yield "</tbody>\n</table>\n</body>\n</html>"


def _born(pupil: Incomplete, said: Callable[..., str]) -> str:
    return said("schools.call.born", date=pupil.birth_date) if pupil.birth_date is not None else ""


def write_call_list(path: Path, one: CallList, catalogues: Sequence[Catalogue]) -> None:
    """Write the page for its owner alone (0600), in place of what is there.

    Raises:
        OSError: the file can't be written.

    """
    descriptor, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}-")  # mkstemp gives 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(call_list_page(one, catalogues))
        Path(name).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
