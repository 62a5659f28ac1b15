import pytest

from benchmarks.figures import Goal, Measure, Samples, Unit, Verdict, spoken, table
from benchmarks.rounds import Count, in_bursts, in_turn


def measured(*seconds: float) -> Samples:
    return Samples((seconds,))


def a_measure(ours: Samples, limit: Samples | None, goal: Goal | None) -> Measure:
    return Measure("M0", "nothing", ours, limit, "less", goal)


def test_the_p99_of_a_hundred_samples_is_the_ninety_ninth_and_of_few_the_slowest() -> None:
    hundred = measured(*(float(number) for number in range(100, 0, -1)))
    assert (hundred.p99, hundred.p99_is_slowest) == (99, False)
    few = measured(1, 9, 2)
    assert (few.p99, few.p99_is_slowest) == (9, True)


def test_a_round_in_which_the_whole_machine_is_slow_does_not_change_the_ratio() -> None:
    ours = Samples(((3.0, 3.0), (30.0, 30.0), (3.0, 3.0)))
    limit = Samples(((2.0, 2.0), (20.0, 20.0), (2.0, 2.0)))
    assert a_measure(ours, limit, None).ratio == 1.5


def test_a_goal_that_speaks_of_p99_compares_the_p99_of_both_sides() -> None:
    goal = Goal(times=2, by="p99")
    ours, limit = measured(1, 1, 1, 6), measured(1, 1, 1, 3)
    assert a_measure(ours, limit, goal).ratio == 2
    assert a_measure(ours, limit, goal).verdict is Verdict.MET
    assert a_measure(measured(1, 1, 1, 6.1), limit, goal).verdict is Verdict.NOT_MET


@pytest.mark.parametrize(
    ("ours", "limit", "goal", "verdict"),
    [
        (measured(4), measured(1), Goal(times=4), Verdict.MET),
        (measured(4.1), measured(1), Goal(times=4), Verdict.NOT_MET),
        (measured(1), None, Goal(times=4), Verdict.NOT_MET),
        (measured(0.0002, 0.001), measured(0.0001), Goal(times=10, p99=0.001), Verdict.MET),
        (measured(0.0002, 0.0011), measured(0.0001), Goal(times=10, p99=0.001), Verdict.NOT_MET),
        (measured(3), None, Goal(median=3), Verdict.MET),
        (measured(3.1), None, Goal(median=3), Verdict.NOT_MET),
        (measured(3), measured(1), None, Verdict.NO_GOAL),
    ],
)
def test_a_goal_is_met_when_all_of_it_holds(ours: Samples, limit: Samples | None, goal: Goal | None, verdict: Verdict) -> None:
    assert a_measure(ours, limit, goal).verdict is verdict


def test_a_measure_without_samples_is_none() -> None:
    with pytest.raises(ValueError, match="at least one round"):
        Samples(())
    with pytest.raises(ValueError, match="every round a sample"):
        Samples(((1.0,), ()))


def test_both_sides_are_taken_in_turn_and_the_warm_up_is_thrown_away() -> None:
    said: list[str] = []

    def side(name: str) -> float:
        said.append(name)
        return float(len(said))

    ours, limit = in_turn(Count(rounds=2, samples=2, warm_up=1), lambda: side("a"), lambda: side("b"))
    assert "".join(said) == "ab" + "aabb" + "aabb"
    assert (ours.rounds, limit.rounds) == (((3, 4), (7, 8)), ((5, 6), (9, 10)))


def test_the_table_names_what_was_measured_and_marks_a_p99_of_few_samples() -> None:
    lines = table([a_measure(measured(0.003), measured(0.001), Goal(times=4, p99=0.001))]).splitlines()
    assert lines[0].split()[:3] == ["id", "what", "median"]
    assert lines[1].split() == [*"M0 nothing 3 ms 3 ms* 1 ms 1 ms* 3.00 × ≤ 4 ×, p99 ≤ 1 ms not met".split()]  # noqa: SIM905 - the line as it stands


def test_seconds_are_spoken_in_the_unit_that_fits() -> None:
    assert [spoken(seconds) for seconds in (12.34, 0.0123, 0.0000123)] == ["12.3 s", "12.3 ms", "12.3 µs"]


def test_what_takes_its_samples_in_bursts_is_taken_in_turn_and_its_first_round_is_thrown_away() -> None:
    log: list[str] = []

    def side(name: str) -> tuple[float, ...]:
        log.append(name)
        return (float(len(log)), 0.5)

    ours, limit = in_bursts(2, lambda: side("ours"), lambda: side("limit"))
    assert log == ["ours", "limit"] * 3
    assert (ours.rounds, limit.rounds) == (((3.0, 0.5), (5.0, 0.5)), ((4.0, 0.5), (6.0, 0.5)))


def test_a_goal_may_leave_out_the_few_slowest_samples() -> None:
    mostly = measured(*[0.01] * 96, *[0.1] * 4)
    assert a_measure(mostly, None, Goal(median=0.017, p95=0.025)).verdict is Verdict.MET
    assert a_measure(mostly, None, Goal(p99=0.025)).verdict is Verdict.NOT_MET
    assert a_measure(mostly, None, Goal(p99_9=0.05)).verdict is Verdict.NOT_MET
    assert Goal(median=0.017, p95=0.025, p99_9=0.05).spoken() == "≤ 17 ms, p95 ≤ 25 ms, p99.9 ≤ 50 ms"


def test_bytes_are_spoken_as_bytes() -> None:
    assert [spoken(size, Unit.BYTES) for size in (64, 15_096, 274e6, 3e9)] == ["64 B", "15.1 kB", "274 MB", "3 GB"]
    assert Goal(median=64).spoken(Unit.BYTES) == "≤ 64 B"
