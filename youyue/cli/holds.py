"""``youyue registry holds``: holds of patrons, the hold shelf of a branch, and whom a branch has to tell."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import click

from circulation.ids import BranchCode
from registry.holds.desk import HoldOrder
from registry.holds.records import HoldRecord
from registry.holds.rules import HoldRefusedError
from registry.holds.shelf_desk import Scanned
from registry.house import Registry
from registry.notices.rules import NoticeRefusedError, ToTell
from registry.schools.contact_rule import RouteKind
from youyue.cli.desk import at_the_registry, national_id_option, number_argument, patron_of, said, say, staff_option
from youyue.cli.refusals import refuse

key_argument = click.argument("key", metavar="HOLD_KEY", type=click.UUID)
barcode_argument = click.argument("barcode")
branch_option = click.option("--branch", required=True, help="The branch, such as L12.")
shelf_option = click.option("--shelf", default="", help="Its place on the hold shelf; default: the lowest free number.")


def _at_the_desk(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the opened registry; what is refused ends it with one line that has every reason."""
    return at_the_registry(_said_plainly()(command))


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except HoldRefusedError as error:
        refuse("; ".join(said(f"holds.refused.{reason}") for reason in error.reasons))
    except NoticeRefusedError as error:
        refuse(said(f"holds.notice.refused.{error.code}"))


@click.group()
def holds() -> None:
    """Holds: place one, follow it to the hold shelf, tell whose it is."""


@holds.command()
@number_argument
@national_id_option
@click.option("--item", "barcode", required=True, help="The barcode of any copy of the title.")
@branch_option
@staff_option
@_at_the_desk
def place(registry: Registry, *, number: str | None, national_id: bool, barcode: str, branch: str, staff: str) -> None:
    """Place a hold for the patron of the card NUMBER on a title, to be collected at a branch."""
    patron = patron_of(registry, number, national_id=national_id)
    title = registry.desk.holds.title_of(barcode)
    say("holds.placed", hold=registry.desk.holds.place(HoldOrder(patron.id, title, BranchCode(branch)), by=staff))


@holds.command()
@number_argument
@national_id_option
@staff_option
@_at_the_desk
def show(registry: Registry, *, number: str | None, national_id: bool, staff: str) -> None:
    """List the holds of the patron of the card NUMBER, the oldest first."""
    found = registry.desk.holds.of_patron(patron_of(registry, number, national_id=national_id).id, by=staff)
    for one in found:
        click.echo(f"{one.id}  {one.title}")
        click.echo(f"  {_standing(one)}")
    if not found:
        say("holds.none")


@holds.command()
@key_argument
@staff_option
@_at_the_desk
def cancel(registry: Registry, *, key: UUID, staff: str) -> None:
    """Cancel the hold HOLD_KEY; it costs the patron nothing."""
    registry.desk.holds.cancel(key, by=staff)
    say("holds.cancelled")


@holds.command()
@key_argument
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The last day on which the patron is passed over.")
@staff_option
@_at_the_desk
def suspend(registry: Registry, *, key: UUID, until: datetime, staff: str) -> None:
    """Pass the hold HOLD_KEY over through a day; its place in the queue stays."""
    registry.desk.holds.suspend(key, until=until.date(), by=staff)
    say("holds.suspended", day=until.date())


@holds.command()
@key_argument
@staff_option
@_at_the_desk
def resume(registry: Registry, *, key: UUID, staff: str) -> None:
    """Pass the hold HOLD_KEY over no longer."""
    registry.desk.holds.resume(key, by=staff)
    say("holds.resumed")


@holds.command()
@key_argument
@branch_option
@staff_option
@_at_the_desk
def move(registry: Registry, *, key: UUID, branch: str, staff: str) -> None:
    """Have the hold HOLD_KEY collected at another branch; what lies ready is sent there."""
    registry.desk.holds.change_pickup(key, pickup=BranchCode(branch), by=staff)
    say("holds.moved", branch=branch)


@holds.command()
@barcode_argument
@branch_option
@shelf_option
@staff_option
@_at_the_desk
def trap(registry: Registry, *, barcode: str, branch: str, shelf: str, staff: str) -> None:
    """Scan the copy BARCODE that is in hand at a branch: says whether it goes to the hold shelf, to another branch or home."""
    _say_way(registry.desk.hold_shelf.trap(barcode, branch=BranchCode(branch), by=staff, shelf=shelf))


@holds.command()
@barcode_argument
@branch_option
@shelf_option
@staff_option
@_at_the_desk
def arrive(registry: Registry, *, barcode: str, branch: str, shelf: str, staff: str) -> None:
    """Scan the copy BARCODE out of the boxes from other branches."""
    _say_way(registry.desk.hold_shelf.arrive(barcode, branch=BranchCode(branch), by=staff, shelf=shelf))


@holds.command()
@barcode_argument
@branch_option
@staff_option
@_at_the_desk
def missing(registry: Registry, *, barcode: str, branch: str, staff: str) -> None:
    """Note that the copy BARCODE is not where the worklist says."""
    registry.desk.hold_shelf.missing(barcode, branch=BranchCode(branch), by=staff)
    say("holds.missed")


@holds.command()
@click.argument("branch")
@_at_the_desk
def worklist(registry: Registry, *, branch: str) -> None:
    """List what BRANCH has to do for holds: barcode, title, place, what to do. No names."""
    lines = registry.desk.hold_shelf.worklist(BranchCode(branch))
    for line in lines:
        click.echo(f"{line.barcode}  {line.title}")
        shelf = [said("holds.place", shelf=line.shelf)] if line.shelf else []
        click.echo(f"  {'; '.join([said(f'holds.chore.{line.kind}'), *shelf])}")
    if not lines:
        say("holds.no_chores")


@holds.command()
@click.argument("branch")
@staff_option
@_at_the_desk
def tell(registry: Registry, *, branch: str, staff: str) -> None:
    """List whom BRANCH has to tell something, by which way, and how much may be said there."""
    waiting = registry.desk.notices.to_tell(branch, by=staff)
    for one in waiting:
        since = one.notice.created_at.astimezone(registry.settings.zone)
        click.echo(f"{one.notice.id}  {one.masked_name}  {since:%Y-%m-%d %H:%M}")
        click.echo(f"  {_what(one)}; {said(f'holds.notice.route.{one.route.kind}', phones=', '.join(one.route.phones))}")
    if not waiting:
        say("holds.notice.none")


@holds.command()
@click.argument("key", metavar="NOTICE_KEY", type=click.UUID)
@click.option("--route", required=True, type=click.Choice([str(kind) for kind in RouteKind]), help="By which way the patron was told.")
@staff_option
@_at_the_desk
def told(registry: Registry, *, key: UUID, route: str, staff: str) -> None:
    """Note that the patron of the notice NOTICE_KEY was told."""
    registry.desk.notices.told(key, route=RouteKind(route), by=staff)
    say("holds.notice.told")


@holds.command()
@_at_the_desk
def upkeep(registry: Registry) -> None:
    """Do now what a running service does before the day begins: end what was not collected, look for what never came."""
    say("holds.done", count=registry.desk.hold_upkeep.once())


def _say_way(scanned: Scanned) -> None:
    until = f"; {said('holds.until', day=scanned.until)}" if scanned.until is not None else ""
    click.echo(f"{said(f'holds.way.{scanned.way}', shelf=scanned.shelf, branch=scanned.send_to or '')}{until}")


def _standing(one: HoldRecord) -> str:
    parts = [said(f"holds.state.{one.state}"), said("holds.where", branch=one.pickup)]
    if one.suspended_until is not None:
        parts.append(said("holds.state.suspended", day=one.suspended_until))
    if one.shelf:
        parts.append(said("holds.place", shelf=one.shelf))
    if one.until is not None:
        parts.append(said("holds.until", day=one.until))
    return "; ".join(parts)


def _what(one: ToTell) -> str:
    """What is said by this way: to a school only that the pupil should come (Q3-3c)."""
    return said(f"holds.notice.{one.notice.kind}") if one.route.may_name_items else said("holds.notice.come")
