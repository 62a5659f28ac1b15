"""What people read of a roster: the preview, a line a problem in every language, and a file of the bad rows to correct."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from registry.rosters.headings import shown_heading
from registry.rosters.loading import LoadedRoster
from registry.rosters.plan import Outcome
from registry.rosters.preview import Preview
from registry.rosters.problems import Problem, RosterFileError
from registry.rosters.unusual import Unusual
from registry.rosters.values import ValueProblemError, text_of
from registry.rosters.xlsx_sheet import Cell
from registry.spreadsheet import private_csv
from texts.catalogue import Catalogue

ALWAYS_SHOWN = (Outcome.CREATED, Outcome.CHANGED, Outcome.REPLACED, Outcome.UNCHANGED, Outcome.HELD, Outcome.REFUSED)
_BETWEEN = " / "


def file_lines(error: RosterFileError, catalogues: Sequence[Catalogue]) -> list[str]:
    """Why a file can't be taken, a line a language."""
    return [catalogue.say(f"roster.file.{error.fault}", **error.values) for catalogue in catalogues]


def preview_lines(loaded: LoadedRoster, preview: Preview, catalogues: Sequence[Catalogue]) -> Iterator[str]:
    """The numbers of a preview and what else a file shows, all languages in each line."""
    yield from count_lines(preview, catalogues)
    if loaded.sheet.encoding is not None:
        yield _BETWEEN.join(catalogue.say("roster.encoding", encoding=str(loaded.sheet.encoding)) for catalogue in catalogues)
    if loaded.columns.ignored:
        ignored = "、".join(loaded.columns.ignored)
        yield _BETWEEN.join(catalogue.say("roster.ignored", columns=ignored) for catalogue in catalogues)


def unusual_lines(unusual: Sequence[Unusual], catalogues: Sequence[Catalogue]) -> Iterator[str]:
    """What is unlike last year, so that a second person must look; nothing where all is as usual."""
    if unusual:
        yield _BETWEEN.join(catalogue.say("batch.needs_second") for catalogue in catalogues)
    for one in unusual:
        values = {"now": one.now, "before": one.before, "what": one.what}
        yield "  " + _BETWEEN.join(catalogue.say(f"batch.unusual.{one.reason}", **values) for catalogue in catalogues)


def count_lines(preview: Preview, catalogues: Sequence[Catalogue]) -> Iterator[str]:
    """The numbers of a preview, all languages in each line."""

    def line(count: int, key: str) -> str:
        return f"{count:>8}  {_BETWEEN.join(catalogue.say(key) for catalogue in catalogues)}"

    yield line(preview.rows, "roster.rows")
    for outcome in Outcome:
        count = preview.outcomes.get(outcome, 0)
        if count or outcome in ALWAYS_SHOWN:
            yield line(count, f"roster.outcome.{outcome}")
    yield line(preview.completed, "roster.completed")
    yield line(preview.cases_opened, "roster.cases")
    for kind, count in sorted(preview.cases.items()):
        yield line(count, f"roster.case.{kind}")
    if preview.known_cases:
        yield line(preview.known_cases, "roster.known_cases")
    yield line(preview.warnings, "roster.warnings")


def problem_lines(loaded: LoadedRoster, catalogues: Sequence[Catalogue]) -> Iterator[str]:
    """Every bad row: a line for each problem and language. No name stands in them, and of a number only its ends."""
    for bad in loaded.bad:
        for problem in bad.problems:
            for catalogue in catalogues:
                yield _line(bad.number, problem, catalogue)


def warning_lines(loaded: LoadedRoster, catalogues: Sequence[Catalogue]) -> Iterator[str]:
    """Every warning about a row that is taken."""
    for number, problem in loaded.warnings:
        for catalogue in catalogues:
            yield catalogue.say("roster.warning", line=_line(number, problem, catalogue))


def write_bad_rows(path: Path, loaded: LoadedRoster, catalogues: Sequence[Catalogue]) -> int:
    """Write the bad rows as they came, with a column of reasons for each language, and say how many.

    The file can be corrected and loaded itself. Only its owner may read it, no cell of it is a formula,
    and a row without a clear consent stands in it by its number alone.

    Raises:
        RosterFileError: the roster has been changed since it was read.
        OSError: the file can't be written.

    """
    bad = {one.number: one for one in loaded.bad}
    if not bad:
        return 0
    with private_csv(path) as add:
        reasons = [f"{catalogue.say('roster.bad_rows.reasons')} ({catalogue.language})" for catalogue in catalogues]
        add([catalogues[0].say("roster.bad_rows.row"), *map(shown_heading, loaded.columns.headings), *reasons])
        for raw in loaded.sheet.rows():
            one = bad.get(raw.number)
            if one is None:
                continue
            width = len(loaded.columns.headings)
            cells = [_written(cell) for cell in raw.cells[:width]] if one.consented else []
            cells += [""] * (width - len(cells))
            add([one.number, *cells, *("; ".join(_said(problem, catalogue) for problem in one.problems) for catalogue in catalogues)])
    return len(bad)


def _written(cell: Cell) -> str:
    try:
        return text_of(cell)
    except ValueProblemError:
        return str(cell)


def _line(row: int, problem: Problem, catalogue: Catalogue) -> str:
    values = {"row": row, "column": problem.column, "reason": _reason(problem, catalogue)}
    if problem.shown:
        return catalogue.say("roster.line.value", value=problem.shown, **values)
    return catalogue.say("roster.line", **values)


def _said(problem: Problem, catalogue: Catalogue) -> str:
    return f"{problem.column}: {_reason(problem, catalogue)}"


def _reason(problem: Problem, catalogue: Catalogue) -> str:
    return catalogue.say(f"roster.problem.{problem.code}", other=problem.other_row)
