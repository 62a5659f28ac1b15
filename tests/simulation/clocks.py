"""Faults of clocks: small steps, jumps of hours and years, without a network, across a due date, an empty battery at the start (sync rule 10).

Each looks at once what the kiosk makes of it. What the registry makes of the facts is looked at when all is quiet (``bounds``).
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from kiosk.events import ReturnChosen, Tick
from kiosk.offline_watch import KEEP_EVERY
from tests.simulation.kiosk import Kiosk
from tests.simulation.laws import BrokenLawError, Law
from tests.simulation.peopled import DAY, PeopledWorld

_YEAR = timedelta(days=365)
_HOURS = timedelta(hours=3)
_LATE_BY = timedelta(days=3)
_FORGOTTEN = 2 * KEEP_EVERY + 1
"""Seconds of doubt that a start may forget: a core is heard of so often at least, writes it down so often, and in whole seconds."""


def clock_doubt(world: PeopledWorld) -> None:
    """The clock is hours or a year off, and stays so. A day later it has been in doubt for a day."""
    kiosk = world.chance.choice(world.kiosks)
    if _jumps(kiosk, world.chance.choice((_YEAR, -_YEAR, _HOURS, -_HOURS))):
        world.counts["clock_doubt"] += 1
        world.scheduler.after(DAY * 1.1, partial(_has_been_in_doubt, world, kiosk, kiosk.life, world.scheduler.seconds, kiosk.clock.boots))


def clock_step(world: PeopledWorld) -> None:
    """A time service sets the clock back by less than the tolerance, and right again an hour later: nothing comes of it."""
    kiosk = world.chance.choice(world.kiosks)
    if kiosk.clock.wrong_by or _doubt(kiosk) is not None:
        return
    step = -timedelta(seconds=world.chance.uniform(5, 240))
    kiosk.go_home()
    kiosk.jump(step)
    kiosk.say(Tick())
    if _doubt(kiosk) is not None:
        raise BrokenLawError(Law.CLOCK, f"{kiosk.name} doubts its clock after a step of {step}")
    world._borrow(kiosk, world.chance.choice(world.town.people), world._book(kiosk))
    kiosk.go_home()
    world.counts["clock_step"] += 1
    world.scheduler.after(DAY / 24, partial(_step_right, kiosk, step))


def clock_jump_offline(world: PeopledWorld) -> None:
    """Without a network a loan is made before a jump and one after it. The clock is set right before the network is back."""
    kiosk = world.chance.choice(world.kiosks)
    if not kiosk.online or kiosk.heard_at < 0:
        return
    kiosk.go_home()
    kiosk.cable(up=False)
    by = world.chance.choice((_YEAR, -_YEAR, timedelta(days=2), -timedelta(days=2)))
    before = len(kiosk.life.facts)
    _lend_somebody(world, kiosk)
    between = len(kiosk.life.facts)
    if _jumps(kiosk, by):
        _lend_somebody(world, kiosk)
        world.counts["clock_jump_offline"] += before < between < len(kiosk.life.facts)
    _jumps(kiosk, -by)
    world.scheduler.after(world.chance.uniform(600, 7200), partial(kiosk.cable, up=True))


def clock_past_due(world: PeopledWorld) -> None:
    """The clock jumps beyond the day on which a loan is due, and the book comes back: it is not late."""
    kiosk = world.chance.choice(world.kiosks)
    dues = {one.fact["loan"]: date.fromisoformat(one.fact["due"]) for one in kiosk.life.facts if one.fact["type"] == "checked_out"}
    is_open = {UUID(bytes=key) for (key,) in world.house.rows("SELECT id FROM loan WHERE closed_at IS NULL")}
    held = [(loan, book) for loan, (book, _) in kiosk.mine.items() if loan in is_open and str(loan) in dues]
    if not held or kiosk.revoked or kiosk.heard_at < 0:
        return
    loan, book = world.chance.choice(held)
    by = timedelta(days=(dues[str(loan)] - world.scheduler.now().date()).days) + _LATE_BY
    if by < _LATE_BY:
        return
    kiosk.go_home()
    _jumps(kiosk, by)
    before = len(kiosk.life.facts)
    kiosk.say(ReturnChosen())
    kiosk.scan(book.barcode)
    named = [one.fact.get("loan") for one in kiosk.life.facts[before:]]
    kiosk.go_home()
    if named == [str(loan)]:
        world.net.in_time.add(loan)
        world.counts["clock_past_due"] += 1
    _jumps(kiosk, -by)


def clock_without_battery(world: PeopledWorld, counted: str = "clock_without_battery") -> None:
    """A kiosk without a network and with an empty battery takes back what another one lent; then its power fails once more."""
    kiosk = world.chance.choice(world.kiosks)
    lent = [(loan, book) for one in world.kiosks if one is not kiosk for loan, (book, _) in one.mine.items()]
    is_open = {UUID(bytes=key) for (key,) in world.house.rows("SELECT id FROM loan WHERE closed_at IS NULL")}
    known = [(loan, book) for loan, book in lent if loan in is_open]
    if not known:
        return
    loan, book = world.chance.choice(known)
    kiosk.go_home()
    kiosk.cable(up=False)
    kiosk.reboot(clock_wrong_by=-_YEAR)
    if kiosk._core._feed.in_use is not None and _doubt(kiosk) is None:
        raise BrokenLawError(Law.CLOCK, f"{kiosk.name} believes a clock that stands a year before what it has heard")
    kiosk.say(ReturnChosen())
    before = len(kiosk.life.facts)
    kiosk.scan(book.barcode)
    named = [one.fact.get("loan") for one in kiosk.life.facts[before:]]
    kiosk.go_home()
    kiosk.reboot(clock_wrong_by=timedelta())
    world.counts[counted] += named == [str(loan)]
    world.scheduler.after(world.chance.uniform(60, 7200), partial(kiosk.cable, up=True))


def _jumps(kiosk: Kiosk, by: timedelta) -> bool:
    """Let the clock jump, which the kiosk must notice at once; false: its power was cut meanwhile, and a start notices less."""
    run = kiosk._run
    kiosk.say(Tick())  # a core looks once a minute: it has seen what the clock did before
    kiosk.jump(by)
    kiosk.say(Tick())
    if kiosk._run != run:
        return False
    if _doubt(kiosk) is None:
        raise BrokenLawError(Law.CLOCK, f"{kiosk.name} believes its clock after a jump of {by}")
    return True


def _step_right(kiosk: Kiosk, step: timedelta) -> None:
    if not kiosk.retired and kiosk.clock.wrong_by == step:
        kiosk.jump(-step)


def _has_been_in_doubt(world: PeopledWorld, kiosk: Kiosk, life: object, since: float, boots: int) -> None:
    """All the time but what a start may forget; unless it was right meanwhile, or the disk with its memory is another one."""
    if kiosk not in world.kiosks or kiosk.life is not life or kiosk.clock.was_right_after(since):
        return
    kiosk.say(Tick())
    doubt = _doubt(kiosk)
    wrong = timedelta(seconds=world.scheduler.seconds - since - (kiosk.clock.boots - boots) * _FORGOTTEN)
    if doubt is None or doubt < wrong:
        raise BrokenLawError(Law.CLOCK, f"{kiosk.name} has had a wrong clock for {wrong} at least and doubts it for {doubt}")
    if doubt < timedelta(days=1):
        return
    world.counts["in doubt for a day"] += 1
    person, facts = world.chance.choice(world.town.people), len(kiosk.life.facts)
    if world._borrow(kiosk, person, world._book(kiosk)):
        raise BrokenLawError(Law.CLOCK, f"{kiosk.name} lends after a day of doubt ({len(kiosk.life.facts) - facts} facts)")
    kiosk.go_home()


def _lend_somebody(world: PeopledWorld, kiosk: Kiosk) -> None:
    """To the first of a few whom nothing stands against."""
    for person in world.chance.sample(world.town.people, 5):
        kiosk.go_home()
        if world._borrow(kiosk, person, world._book(kiosk)):
            break
    kiosk.go_home()


def _doubt(kiosk: Kiosk) -> timedelta | None:
    return kiosk._core._offline._watch.doubted_for


CLOCKS: dict[str, Callable[[PeopledWorld], None]] = {
    "clock_doubt": clock_doubt,
    "clock_step": clock_step,
    "clock_jump_offline": clock_jump_offline,
    "clock_past_due": clock_past_due,
    "clock_without_battery": clock_without_battery,
}
