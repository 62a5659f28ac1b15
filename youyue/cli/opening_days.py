"""``youyue registry calendar``: when branches are open, why, and what moves when that changes."""

from datetime import date, datetime

import click

from circulation.ids import BranchCode
from circulation.opening_days import Hours, Timetable, Weekday
from registry.calendars.changes import CalendarChange, ChangeKind
from registry.calendars.desk import CalendarPreview, DayShown
from registry.calendars.moves import Move
from registry.house import Registry
from texts.catalogue import Catalogue
from youyue.cli.desk import CATALOGUES, at_the_registry, said, say, staff_option
from youyue.cli.previews import go_ahead, said_plainly, yes_option
from youyue.cli.refusals import USAGE, refuse
from youyue.clock import SystemClock

EVERY_BRANCH = "all"
_MOST_DAYS = 40
_NONE = "none"
_DAY = click.DateTime(["%Y-%m-%d"])

reason_option = click.option("--reason", required=True, metavar="TEXT", help="Why; it is shown with the day.")
source_option = click.option("--source", required=True, metavar="TEXT", help="Where it comes from, such as a notice and its date.")


@click.group()
def calendar() -> None:
    """Opening days of a branch, or of all of them: every change has a date, a source and somebody who made it."""


@calendar.command()
@click.argument("branch")
@click.option("--month", type=click.DateTime(["%Y-%m"]), help="Such as 2026-04; default: this month.")
@at_the_registry
def show(registry: Registry, *, branch: str, month: datetime | None) -> None:
    """Show a month of BRANCH: hours, desk services, and why a day differs."""
    first = month or SystemClock().now().astimezone(registry.settings.zone)
    with said_plainly():
        for one in registry.desk.calendars.month(branch, first.year, first.month):
            _show_day(one)


@calendar.command()
@click.argument("branch", required=False)
@at_the_registry
def history(registry: Registry, *, branch: str | None) -> None:
    """List the changes on record, of every branch or of BRANCH."""
    for one in registry.desk.calendars.history(branch):
        change, at = one.change, f"{one.at.astimezone(registry.settings.zone):%Y-%m-%d %H:%M}"
        span = "" if change.kind is ChangeKind.BASE else _span(change)
        for catalogue in CATALOGUES:
            kind = catalogue.say(f"calendar.change.{change.kind}")
            values = {"branch": _branch(change.branch, catalogue), "reason": change.reason, "source": change.source}
            click.echo(catalogue.say("calendar.recorded", seq=one.seq, span=span, kind=kind, at=at, by=one.by, **values))


@calendar.command()
@click.argument("branch")
@click.argument("first", metavar="FROM", type=_DAY)
@click.argument("last", metavar="TO", type=_DAY)
@reason_option
@source_option
@yes_option
@staff_option
@at_the_registry
def close(registry: Registry, *, branch: str, first: datetime, last: datetime, reason: str, source: str, yes: bool, staff: str) -> None:
    """Close BRANCH (or all) FROM a day TO a day; due dates and ready holds move with it."""
    change = CalendarChange(ChangeKind.CLOSE, _code(branch), first.date(), last.date(), reason, source)
    _make(registry, change, yes=yes, staff=staff)


@calendar.command("open")
@click.argument("branch")
@click.argument("first", metavar="FROM", type=_DAY)
@click.argument("last", metavar="TO", type=_DAY)
@click.option("--hours", metavar="HH:MM-HH:MM", help="Open at these hours whatever else is said; without: as the regular hours say.")
@reason_option
@source_option
@yes_option
@staff_option
@at_the_registry
def open_days(
    registry: Registry,
    *,
    branch: str,
    first: datetime,
    last: datetime,
    hours: str | None,
    reason: str,
    source: str,
    yes: bool,
    staff: str,
) -> None:
    """Open BRANCH (or all) FROM a day TO a day: a special opening, or a closure taken back. No due date becomes earlier."""
    special = None if hours is None else _hours(hours, hours)
    change = CalendarChange(ChangeKind.OPEN, _code(branch), first.date(), last.date(), reason, source, special)
    _make(registry, change, yes=yes, staff=staff)


@calendar.command()
@click.argument("branch")
@click.argument("starts", metavar="FROM", type=_DAY)
@click.option(
    "--day", "days", multiple=True, required=True, metavar="WEEKDAY=HH:MM-HH:MM", help="A weekday that is open; the others are closed."
)
@click.option("--closed-monthly", multiple=True, required=True, metavar="WEEK=WEEKDAY", help="Such as 1=thursday, or none.")
@click.option("--desk-minutes", type=click.IntRange(0, 600), required=True, help="Desk services stop so many minutes before closing.")
@reason_option
@source_option
@yes_option
@staff_option
@at_the_registry
def hours(
    registry: Registry,
    *,
    branch: str,
    starts: datetime,
    days: tuple[str, ...],
    closed_monthly: tuple[str, ...],
    desk_minutes: int,
    reason: str,
    source: str,
    yes: bool,
    staff: str,
) -> None:
    """Give BRANCH (or all) other regular hours FROM a day on, written whole: days, monthly closed days, desk services."""
    monthly = frozenset(_monthly(one) for one in closed_monthly if one != _NONE)
    timetable = Timetable(starts.date(), dict(map(_weekday, days)), monthly, desk_minutes)
    change = CalendarChange(ChangeKind.HOURS, _code(branch), starts.date(), None, reason, source, timetable=timetable)
    _make(registry, change, yes=yes, staff=staff)


def _make(registry: Registry, change: CalendarChange, *, yes: bool, staff: str) -> None:
    desk = registry.desk.calendars
    with said_plainly():
        preview = desk.preview(change)
        _show_preview(preview)
        if go_ahead("calendar", yes=yes):
            done = desk.make(preview, by=staff)
            say("calendar.done", branches=done.branches, loans=done.loans, holds=done.holds, suspensions=done.suspensions)


def _show_preview(preview: CalendarPreview) -> None:
    for one in preview.days[:_MOST_DAYS]:
        for catalogue in CATALOGUES:
            old, new = (_of_day(hours, catalogue) for hours in (one.old, one.new))
            click.echo(catalogue.say("calendar.changed", branch=one.branch, day=one.day, old=old, new=new))
    if len(preview.days) > _MOST_DAYS:
        say("calendar.more_days", count=len(preview.days) - _MOST_DAYS)
    if not preview.days:
        say("calendar.unchanged")
    for key, moves in (("loans", preview.loans), ("holds", preview.holds), ("late", preview.late)):
        for one_move in moves:
            _show_move(f"calendar.moves.{key}", one_move)
    if not preview.loans and not preview.holds:
        say("calendar.moves.none")


def _show_move(key: str, move: Move) -> None:
    say(key, branch=move.branch, count=move.count, old=move.old, new=move.new)


def _show_day(one: DayShown) -> None:
    for catalogue in CATALOGUES:
        values = {"day": one.day, "weekday": catalogue.say(f"weekday.{one.day.isoweekday()}")}
        if one.hours is None:
            line = catalogue.say("calendar.day.closed", **values)
        else:
            values |= {"opens": f"{one.hours.opens:%H:%M}", "closes": f"{one.hours.closes:%H:%M}"}
            desk = {} if one.desk is None else {"desk": f"{one.desk.closes:%H:%M}"}
            line = catalogue.say("calendar.day.open" if desk else "calendar.day.open.no_desk", **values, **desk)
        if one.change is not None:
            change = one.change.change
            line = f"{line}  {catalogue.say('calendar.day.why', reason=change.reason, source=change.source, by=one.change.by)}"
        click.echo(line)


def _of_day(hours: Hours | None, catalogue: Catalogue) -> str:
    return catalogue.say("calendar.closed") if hours is None else f"{hours.opens:%H:%M}–{hours.closes:%H:%M}"


def _branch(code: BranchCode | None, catalogue: Catalogue) -> str:
    return catalogue.say("calendar.every_branch") if code is None else code


def _span(change: CalendarChange) -> str:
    last: date | None = change.ends
    return f"{change.starts}–" if last is None else f"{change.starts}" if last == change.starts else f"{change.starts}–{last}"


def _code(written: str) -> BranchCode | None:
    return None if written == EVERY_BRANCH else BranchCode(written)


def _hours(span: str, written: str) -> Hours:
    opens, _, closes = span.partition("-")
    try:
        return Hours(*(datetime.strptime(one, "%H:%M").time() for one in (opens, closes)))  # noqa: DTZ007 - an hour of the library, of no day
    except ValueError:
        refuse(said("calendar.hours_unreadable", written=written), USAGE)


def _weekday(written: str) -> tuple[Weekday, Hours]:
    name, _, span = written.partition("=")
    if name.upper() not in Weekday.__members__:
        refuse(said("calendar.weekday_unreadable", written=written), USAGE)
    return Weekday[name.upper()], _hours(span, written)


def _monthly(written: str) -> tuple[int, Weekday]:
    week, _, name = written.partition("=")
    if week not in {"1", "2", "3", "4", "5"} or name.upper() not in Weekday.__members__:
        refuse(said("calendar.monthly_unreadable", written=written), USAGE)
    return int(week), Weekday[name.upper()]
