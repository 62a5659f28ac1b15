"""Faults that come from outside the pair of kiosk and registry: an old snapshot from a proxy, another kiosk's outbox, another branch's book."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import msgspec

from circulation.cards import CardUid
from circulation.chain import after, anchor
from circulation.wire import ChainSpan, PushAnswer, PushBatch
from kiosk.events import ReturnChosen
from kiosk.view import Return
from sync.errors import SyncError
from tests.simulation.kiosk import Kiosk
from tests.simulation.laws import BrokenLawError, Law
from tests.simulation.line import FaultyLine
from tests.simulation.lives import Life
from tests.simulation.paces import Pace, require_spread
from tests.simulation.peopled import DAY, PeopledWorld

_HOUR = DAY / 24


def old_snapshot(world: PeopledWorld) -> None:
    """A kiosk's replica is damaged, and a proxy has nothing but the first snapshot that it ever saw (sync rule 9).

    Before that it takes a newer one and hears of a card that was reported lost elsewhere. While the old one is all there is, that card must open nothing.
    """
    kiosk = world.chance.choice(world.kiosks)
    if not kiosk.online or kiosk.revoked:
        return
    world.house.shelf().latest(kiosk.identity.branch, world.house.registry.covers.in_force())
    _lose_replica(kiosk)
    world.scheduler.after(2 * _HOUR, partial(_report_elsewhere, world, kiosk, kiosk.life))


def _report_elsewhere(world: PeopledWorld, kiosk: Kiosk, life: Life) -> None:
    """At another kiosk: what was done at this one it would know by its own ledger."""
    other = world.chance.choice(world.kiosks)
    if kiosk not in world.kiosks or other is kiosk or not other.online:
        return
    other.go_home()
    person = world.chance.choice(world.town.people)
    world._report(other, person)
    other.go_home()
    if person.card in other.stopped_cards:
        world.scheduler.after(3 * _HOUR, kiosk.wake)
        world.scheduler.after(4 * _HOUR, partial(_serve_the_old, world, kiosk, life, person.card))


def _serve_the_old(world: PeopledWorld, kiosk: Kiosk, life: Life, card: CardUid) -> None:
    """When the registry has heard of it two hours ago, and the kiosk since. A disk that was put back remembers no newer snapshot."""
    is_lost = (card.hex,) in world.house.rows("SELECT uid FROM card WHERE state = 'lost'")
    if kiosk.life is not life or not is_lost or kiosk.heard_at < world.scheduler.seconds - 2 * _HOUR:
        return
    if kiosk not in world.kiosks or not kiosk.online or kiosk.revoked:
        return
    kiosk.go_home()
    if world._enter(kiosk, card):
        kiosk.go_home()
        return
    kiosk.go_home()
    _lose_replica(kiosk)
    line = kiosk._line
    line.proxy = world.net.first_snapshots.get(kiosk.identity.branch, {})
    world.scheduler.after(_HOUR / 2, partial(_try_the_card, world, kiosk, line, card))


def _try_the_card(world: PeopledWorld, kiosk: Kiosk, line: FaultyLine, card: CardUid) -> None:
    """While there is nothing but the old one; later a registry that was put back may have forgotten the loss, and all kiosks with it."""
    if kiosk in world.kiosks and kiosk._line is line:
        kiosk.go_home()
        if world._enter(kiosk, card):
            raise BrokenLawError(Law.I3, f"{kiosk.name} let in a card by an old snapshot that it knew to be lost")
        kiosk.go_home()
        world.counts["old_snapshot"] += line.proxied > 0
    line.proxy = None


def _lose_replica(kiosk: Kiosk) -> None:
    """Its files are gone; the ledger stays, and so does what is remembered of the last snapshot."""
    kiosk.switch_off()
    for file in kiosk.folder.glob("replica*"):
        file.unlink()
    kiosk._boot()


def foreign_outbox(world: PeopledWorld) -> None:
    """A kiosk sends what is another's, in that one's epoch and under its own signature: a copy, and a forged next fact (sync rule 13)."""
    thief, victim = world.chance.sample(world.kiosks, 2)
    if not thief.online or thief.revoked:
        return
    epoch = victim.life.epoch
    rows = world.house.rows("SELECT epoch, seq, body, chain FROM fact WHERE length(body) > 0 ORDER BY seq")
    known = [(seq, body, chain) for key, seq, body, chain in rows if key == epoch.bytes]
    if not known or known[0][0] != 1:
        return
    (_, first, after_first), (last, newest, before) = known[0], known[-1]
    content = msgspec.json.decode(newest) | {"seq": last + 1, "key": str(UUID(int=world.chance.getrandbits(128), version=4))}
    forged = msgspec.json.encode(content)
    copies = (
        PushBatch(epoch=epoch, first_seq=1, facts=[msgspec.Raw(first)], chain=ChainSpan(before=anchor(epoch), after=after_first)),
        PushBatch(
            epoch=epoch, first_seq=last + 1, facts=[msgspec.Raw(forged)], chain=ChainSpan(before=before, after=after(before, forged))
        ),
    )
    for batch in copies:
        try:
            answer = thief._client.push(batch)
        except SyncError:
            return
        if isinstance(answer, PushAnswer):
            raise BrokenLawError(Law.I9, f"what {thief.name} sent was taken for facts of {victim.name}")
    world.counts["foreign_outbox"] += 1


def far_return(world: PeopledWorld) -> None:
    """A book comes back at a branch that does not know it (sync rule 16)."""
    kiosk = world.chance.choice(world.kiosks)
    away = [book for one in world.kiosks if one.identity.branch != kiosk.identity.branch for book, _ in one.mine.values()]
    if not away or kiosk.revoked:
        return
    book = world.chance.choice(away)
    kiosk.go_home()
    kiosk.say(ReturnChosen())
    before = len(kiosk.life.facts)
    screen = kiosk.scan(book.barcode)
    if isinstance(screen, Return) and screen.lines and not screen.lines[0].taken:
        raise BrokenLawError(Law.STRANGER, f"{kiosk.name} did not take back {book.barcode}, which is another branch's")
    facts = [one.fact for one in kiosk.life.facts[before:]]
    kiosk.go_home()
    world.counts["far_return"] += [one.get("item", "") for one in facts] in ([None], [""])


def herd(world: PeopledWorld) -> None:
    """The registry is gone for minutes: every open poll breaks in the same instant, and they must not all come back in the next (sync rule 12)."""
    net, now = world.net, world.scheduler.seconds
    if net.down:
        return
    net.down = True
    calm = [pace for kiosk in world.kiosks if (pace := _broken_poll(kiosk, now)) is not None]
    world.scheduler.after(world.chance.uniform(300, 2400), lambda: setattr(net, "down", False))
    world.scheduler.after(120, lambda: _count_the_herd(world, calm))


def _broken_poll(kiosk: Kiosk, now: float) -> Pace | None:
    """End a kiosk's open poll; none: it has none, or is in trouble already."""
    if not kiosk.online or kiosk._cursor is None or kiosk._puller._outage.failures:
        return None
    kiosk._turn_in(kiosk._pull_turn, 0.0)
    kiosk._line.pace.breaks(now)
    return kiosk._line.pace


def _count_the_herd(world: PeopledWorld, calm: list[Pace]) -> None:
    world.counts["herd"] += require_spread([pace.back_at for pace in calm if pace.back_at is not None])


OUTSIDERS: dict[str, Callable[[PeopledWorld], None]] = {
    "old_snapshot": old_snapshot,
    "foreign_outbox": foreign_outbox,
    "far_return": far_return,
    "herd": herd,
}
