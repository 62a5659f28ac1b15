"""Laws of the offline limits: whatever gets worse, a kiosk never allows more for it."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from circulation.offline import OfflineLimits, Step
from circulation.reasons import Reason
from kiosk.offline import Outlook, Pace, Standing, Weight, decide_offline, decide_offline_renewal, left_offline, outlook, takes_returns

HOUR, MIB = timedelta(hours=1), 2**20
hours = st.integers(1, 400)
counts = st.integers(0, 12)


@st.composite
def some_limits(draw: st.DrawFn) -> OfflineLimits:
    """Any limits that a document may hold."""
    ages = sorted(draw(st.sets(hours, min_size=1, max_size=4)))
    items = sorted((draw(counts) for _ in ages), reverse=True)
    regulars_from = draw(st.integers(0, len(ages)))
    steps = tuple(Step(age * HOUR, count, regulars_only=i >= regulars_from) for i, (age, count) in enumerate(zip(ages, items, strict=True)))
    loans = draw(st.integers(1, 12))
    return OfflineLimits(
        steps=steps,
        renewals_up_to=draw(st.integers(0, ages[-1])) * HOUR,
        most_unsent=loans,
        most_unsent_returns=loans + draw(counts),
        patron_per_hour=draw(st.none() | st.integers(1, 6)),
        kiosk_per_hour=draw(st.none() | st.integers(1, 6)),
    )


standings = st.builds(
    Standing,
    st.none() | st.integers(-1, 500 * 60).map(lambda minutes: timedelta(minutes=minutes)),
    counts,
    st.none() | st.integers(0, 600 * MIB),
    st.none() | st.integers(0, 40).map(lambda number: number * HOUR),
)
paces = st.builds(Pace, counts, counts)


def allowed(standing: Standing, limits: OfflineLimits, lent: int, *, regular: bool, pace: Pace) -> bool:
    return decide_offline(standing, limits, lent_in_period=lent, regular_here=regular, pace=pace).allowed


def worse(standing: Standing, draw: st.DataObject) -> Standing:
    more = draw.draw(st.integers(0, 200 * 60))
    return Standing(
        None if standing.age is None else standing.age + timedelta(minutes=more),
        standing.unsent + draw.draw(counts),
        None if standing.disk_free is None else max(0, standing.disk_free - draw.draw(st.integers(0, 300 * MIB))),
        standing.clock_doubted if standing.clock_doubted is None else standing.clock_doubted + draw.draw(counts) * HOUR,
    )


@given(some_limits(), standings, st.tuples(counts, st.booleans()), paces, st.data())
def test_an_older_feed_more_that_waits_less_room_and_more_doubt_never_allow_more(
    limits: OfflineLimits, standing: Standing, patron: tuple[int, bool], pace: Pace, data: st.DataObject
) -> None:
    lent, regular = patron
    if standing.age is not None and standing.age < -limits.clock_tolerance:
        return
    then = worse(standing, data)
    if allowed(then, limits, lent, regular=regular, pace=pace):
        assert allowed(standing, limits, lent, regular=regular, pace=pace)
    if decide_offline_renewal(then, limits, renewed_in_period=False).allowed:
        assert decide_offline_renewal(standing, limits, renewed_in_period=False).allowed
    if takes_returns(then, limits):
        assert takes_returns(standing, limits)


@given(some_limits(), standings, counts, paces)
def test_a_stranger_is_never_allowed_what_a_regular_is_not(limits: OfflineLimits, standing: Standing, lent: int, pace: Pace) -> None:
    if allowed(standing, limits, lent, regular=False, pace=pace):
        assert allowed(standing, limits, lent, regular=True, pace=pace)


@given(some_limits(), standings, st.tuples(counts, st.booleans()), paces)
def test_what_is_left_is_exactly_how_often_the_decision_says_yes(
    limits: OfflineLimits,
    standing: Standing,
    patron: tuple[int, bool],
    pace: Pace,
) -> None:
    lent, regular = patron
    left = left_offline(standing, limits, lent_in_period=lent, regular_here=regular, pace=pace)
    if left is None:
        assert allowed(standing, limits, lent, regular=regular, pace=pace)
        return
    for more in range(left + 1):
        now, hour = replace(standing, unsent=standing.unsent + more), Pace(pace.patron + more, pace.kiosk + more)
        assert allowed(now, limits, lent + more, regular=regular, pace=hour) is (more < left)


@given(some_limits(), standings)
def test_while_something_is_lent_a_return_is_taken(limits: OfflineLimits, standing: Standing) -> None:
    if allowed(standing, limits, 0, regular=True, pace=Pace()):
        assert takes_returns(standing, limits)


@given(some_limits(), standings)
def test_what_everybody_is_told_is_what_a_regular_who_has_nothing_may_do(limits: OfflineLimits, standing: Standing) -> None:
    told = outlook(standing, limits)
    may = allowed(standing, limits, 0, regular=True, pace=Pace())
    if told is None:
        assert may
    elif told.stopped is not None:
        assert not may
    else:
        assert may is (told.items > 0)
        assert told.renews is decide_offline_renewal(standing, limits, renewed_in_period=False).allowed


def test_the_banner_is_calm_for_a_day_amber_for_three_and_red_from_then_on() -> None:
    limits = OfflineLimits()
    ages = (timedelta(minutes=15), 24 * HOUR, 72 * HOUR, 168 * HOUR, 169 * HOUR)
    assert [outlook(Standing(age), limits) for age in ages] == [
        None,
        Outlook(Weight.CALM, 5, renews=True),
        Outlook(Weight.AMBER, 3),
        Outlook(Weight.RED, 2, regulars_only=True),
        Outlook(Weight.RED, 0, stopped=Reason.OFFLINE_TOO_LONG),
    ]


def test_a_full_disk_stops_lending_first_and_returns_last() -> None:
    limits, fresh = OfflineLimits(), timedelta(0)
    assert decide_offline(Standing(fresh, disk_free=256 * MIB), limits, lent_in_period=0, regular_here=False).allowed
    low = Standing(fresh, disk_free=256 * MIB - 1)
    assert decide_offline(low, limits, lent_in_period=0, regular_here=True).reasons == (Reason.KIOSK_DISK_FULL,)
    assert decide_offline_renewal(low, limits, renewed_in_period=False).reasons == (Reason.KIOSK_DISK_FULL,)
    assert takes_returns(Standing(fresh, disk_free=32 * MIB), limits)
    assert not takes_returns(Standing(fresh, disk_free=32 * MIB - 1), limits)
    assert outlook(Standing(fresh, disk_free=0), limits) == Outlook(Weight.RED, 0, returns=False, stopped=Reason.KIOSK_DISK_FULL)


def test_a_clock_in_doubt_for_a_day_lends_nothing_however_fresh_the_feed_is() -> None:
    limits = OfflineLimits()
    almost = Standing(timedelta(0), clock_doubted=24 * HOUR - timedelta(seconds=1))
    assert decide_offline(almost, limits, lent_in_period=0, regular_here=False).allowed
    over = replace(almost, clock_doubted=24 * HOUR)
    assert decide_offline(over, limits, lent_in_period=0, regular_here=True).reasons == (Reason.KIOSK_CLOCK_DOUBTFUL,)


def test_an_hours_pace_counts_for_the_patron_and_for_the_kiosk_while_the_feed_is_not_fresh() -> None:
    limits = OfflineLimits(patron_per_hour=2, kiosk_per_hour=4)
    old = Standing(HOUR)
    assert decide_offline(old, limits, lent_in_period=0, regular_here=True, pace=Pace(1, 3)).allowed
    for pace in (Pace(2, 2), Pace(0, 4)):
        assert decide_offline(old, limits, lent_in_period=0, regular_here=True, pace=pace).reasons == (Reason.OFFLINE_TOO_FAST,)
        assert decide_offline(Standing(timedelta(0)), limits, lent_in_period=0, regular_here=True, pace=pace).allowed
