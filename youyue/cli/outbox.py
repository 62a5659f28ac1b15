"""``youyue outbox``: what a kiosk has not been able to tell the registry: list it, explain it, carry it on a stick."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
import msgspec
from msgspec import Raw

from circulation.facts import CardReportedLost, CheckedIn, CheckedOut, CheckoutUndone, FactEnvelope, LostCardShown, Renewed
from circulation.wire import FactStatus, PushBatch
from kiosk.store.inspection import FileFault, InspectionError
from kiosk.store.outbox_reading import KeptFact, OutboxView, read_outbox
from kiosk.store.salvage import Salvage, salvage
from kiosk.store.set_aside import set_aside_in
from sync.identity import IDENTITY_NAME, Identity, IdentityError, read_identity
from sync.outbox_file import sealed_outbox
from sync.stick import StickError, write_whole
from texts.catalogue import Catalogue, TextMissingError, open_catalogue
from youyue.cli.kiosk import folder_option
from youyue.cli.refusals import FAILED, MISSING, USAGE, refuse
from youyue.clock import SystemClock
from youyue.doctor.probe_kiosk import LEDGER_NAME
from youyue.settings import LoadedSettings

_ENVELOPE = msgspec.json.Decoder(FactEnvelope)
_BETWEEN = " / "
CATALOGUES = (open_catalogue("zh_TW"), open_catalogue("en"))
_AND = " · "
_TAIL = 4
_LONGEST = 200


@click.group()
def outbox() -> None:
    """What this kiosk has still to tell the registry."""


def _at_the_kiosk(act: Callable[..., None]) -> Callable[..., None]:
    """Give a command the kiosk's identity and one look into its ledger; it may run meanwhile."""

    @folder_option
    @click.pass_obj
    def looked_at(loaded: LoadedSettings, /, folder: Path | None, **words: object) -> None:
        place = folder or Path(loaded.settings.kiosk.folder)
        try:
            identity = read_identity(place)
            view = read_outbox(place / LEDGER_NAME, identity.database_key)
        except IdentityError as error:
            refuse(error, USAGE)
        except InspectionError as error:
            hint = "youyue doctor says more" if error.fault is not FileFault.MISSING else "this kiosk has not run yet"
            refuse(f"{place / LEDGER_NAME}: {error}; {hint}", MISSING if error.fault is FileFault.MISSING else FAILED)
        act(identity, view, **words)

    looked_at.__name__, looked_at.__doc__ = act.__name__, act.__doc__
    return looked_at


@outbox.command("list")
@_at_the_kiosk
def listed(identity: Identity, view: OutboxView) -> None:
    """List what waits, since when, and what staff should know of what was answered."""
    zone = _zone(identity)
    unclean = [one for one in view.facts if one.status not in {None, FactStatus.ACCEPTED}]
    for one in sorted([*view.waiting, *unclean], key=lambda fact: fact.seq):
        click.echo(f"#{one.seq}  {_BETWEEN.join(_line(one, catalogue, zone) for catalogue in CATALOGUES)}")
    if not view.waiting:
        say("outbox.nothing_waits")
    elif view.problem:
        click.echo(f"{said('outbox.stands_still')} {_plain(view.problem)}")
    else:
        say("outbox.will_be_sent", heard=_when(view.heard_at, zone))


@outbox.command()
@click.argument("seq", type=click.IntRange(min=1))
@_at_the_kiosk
def explain(identity: Identity, view: OutboxView, seq: int) -> None:
    """Say in plain words what fact SEQ is, and what the registry made of it. It names nobody and no item."""
    one, zone = view.numbered(seq), _zone(identity)
    if one is None:
        refuse(said("outbox.no_such_fact", seq=seq), USAGE)
    for catalogue in CATALOGUES:
        click.echo(f"#{one.seq}  {_what(one, catalogue)}")
        click.echo(f"  {catalogue.say('outbox.since', at=_when(one.at, zone))}")
        if one.status is None:
            click.echo(f"  {catalogue.say('outbox.waits')}")
            continue
        click.echo(f"  {catalogue.say(f'outbox.answer.{one.status}', at=_when(one.answered_at, zone))}")
        for reason in one.reasons:
            click.echo(f"    {_reason(reason, catalogue)}")
        if one.place:
            click.echo(f"    {_plain(one.place)}: {_plain(one.problem)}")


@outbox.command()
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), help="The folder where the stick is mounted.")
@_at_the_kiosk
def export(identity: Identity, view: OutboxView, target: Path) -> None:
    """Write what waits to a stick, so that only the registry can read it. The facts stay here and are sent all the same."""
    facts = view.from_first_waiting()
    if not facts:
        say("outbox.nothing_waits")
        return
    bodies = [Raw(one.body) for one in facts]
    _write(identity, PushBatch(epoch=view.epoch, first_seq=facts[0].seq - view.base, facts=bodies, chain=view.chain), view.base, target)


@outbox.command()
@folder_option
@click.option(
    "--to", "target", type=click.Path(path_type=Path), help="The folder where the stick is mounted; without it nothing is written."
)
@click.pass_obj
def rescue(loaded: LoadedSettings, folder: Path | None, target: Path | None) -> None:
    """Say what can be read of ledgers that were set aside because they are damaged, and write what was not answered to a stick."""
    place = folder or Path(loaded.settings.kiosk.folder)
    try:
        identity = read_identity(place)
    except IdentityError as error:
        refuse(error, USAGE)
    aside = set_aside_in(place)
    if not aside:
        say("outbox.rescue.none")
    for path in aside:
        try:
            found = salvage(path, identity.database_key)
        except OSError as error:
            refuse(f"{path}: can't be read: {error.strerror}", FAILED)
        _tell(path.name, found, _zone(identity))
        if target is not None:
            for batch in found.batches():
                _write(identity, batch, found.base, target)


def _tell(name: str, found: Salvage, zone: tzinfo) -> None:
    waiting = found.waiting
    say("outbox.rescue.found", name=name, pages=found.pages, readable=found.readable, facts=len(found.facts), waiting=len(waiting))
    if not found.readable:
        say("outbox.rescue.key")
    elif waiting and found.epoch is None:
        say("outbox.rescue.nameless")
    for one in waiting:
        envelope = _ENVELOPE.decode(one.body)
        kept = KeptFact(one.seq, envelope.at, one.body)
        click.echo(f"#{one.seq}  {_when(kept.at, zone)}  {_BETWEEN.join(_what(kept, catalogue) for catalogue in CATALOGUES)}")


def _write(identity: Identity, batch: PushBatch, base: int, target: Path) -> None:
    """Write facts for the registry into a folder, and say so."""
    first = batch.first_seq + base
    last = first + len(batch.facts) - 1
    name = f"youyue-outbox-{identity.branch}-{str(identity.kiosk)[-8:]}-{str(batch.epoch)[-8:]}-{first}-{last}.json"
    try:
        content = sealed_outbox(identity, batch, made_at=SystemClock().now())
        path = write_whole(target, name, content)
    except ValueError as error:
        refuse(f"{error}; enrol this kiosk anew", FAILED)
    except StickError as error:
        refuse(error, FAILED)
    say("outbox.exported", count=len(batch.facts), first=first, last=last, path=path)
    click.echo(f"youyue registry outbox import {name}")


def said(key: str, **values: object) -> str:
    """A sentence in every language. A kiosk has not the registry's packages, so it has not the desk's commands either."""
    return _BETWEEN.join(catalogue.say(key, **values) for catalogue in CATALOGUES)


def say(key: str, **values: object) -> None:
    """Print a sentence in every language."""
    click.echo(said(key, **values))


def _line(one: KeptFact, catalogue: Catalogue, zone: tzinfo) -> str:
    state = (
        catalogue.say("outbox.waits")
        if one.status is None
        else catalogue.say(f"outbox.answer.{one.status}", at=_when(one.answered_at, zone))
    )
    return f"{_kind(one, catalogue)}, {_when(one.at, zone)}: {state}"


def _kind(one: KeptFact, catalogue: Catalogue) -> str:
    try:
        envelope = _ENVELOPE.decode(one.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return catalogue.say("outbox.fact.unreadable")
    return catalogue.say(f"outbox.fact.{type(envelope.fact).__struct_config__.tag}")


def _what(one: KeptFact, catalogue: Catalogue) -> str:
    """The fact without whom and what it names."""
    try:
        fact = _ENVELOPE.decode(one.body).fact
    except (msgspec.DecodeError, UnicodeDecodeError):
        return catalogue.say("outbox.fact.unreadable")
    told = [_kind(one, catalogue)]
    match fact:
        case CheckedOut(due=due, offline=offline) | Renewed(due=due, offline=offline):
            told.append(catalogue.say("outbox.due", due=due.isoformat()))
            told += [catalogue.say("outbox.offline")] if offline else []
        case CheckedIn(barcode=barcode, item=item):
            told.append(catalogue.say("outbox.barcode", barcode=f"…{barcode[-_TAIL:]}"))
            told += [catalogue.say("outbox.item_unknown")] if item is None else []
        case CheckoutUndone() | CardReportedLost() | LostCardShown():
            pass
    return _AND.join(told)


def _reason(code: str, catalogue: Catalogue) -> str:
    try:
        return catalogue.say(f"reason.{code}")
    except TextMissingError:  # a newer registry said it
        return code


def _plain(text: str) -> str:
    """What somebody else wrote, without what a terminal would obey."""
    return "".join(sign if sign.isprintable() else "?" for sign in text[:_LONGEST])


def _zone(identity: Identity) -> tzinfo:
    """The library's, whatever this machine is set to."""
    try:
        return ZoneInfo(identity.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        refuse(f"{IDENTITY_NAME}: there is no time zone {identity.time_zone!r}; bring the file back from a backup or enrol anew", USAGE)


def _when(at: datetime | None, zone: tzinfo) -> str:
    return "–" if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
