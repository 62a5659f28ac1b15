"""How soon a second kiosk knows of a loan, and how often idle kiosks ask: measured for minutes, so ``make soak``."""

import statistics
import time

from tests.e2e.town import Town

LOANS = 20
IDLE_S = 120


def test_the_second_kiosk_knows_within_two_seconds_and_idle_kiosks_ask_at_most_three_times_a_minute(town: Town) -> None:
    with (
        town.serve_registry(verbose=True) as registry,
        town.start_reader(),
        town.start_kiosk(town.enrol_kiosk("L12", "kiosk-1")) as first,
        town.start_kiosk(town.enrol_kiosk("A13", "kiosk-2"), place=2) as second,
    ):
        delays = []
        with town.card(town.pupils[0].uid):
            first.wait_for("screen Home")
            for number, book in enumerate(town.barcodes("L12")[:LOANS], start=1):
                town.scan(book)
                first.wait_for("^done ", times=number)
                lent_at = time.monotonic()
                second.wait_for('"event": "changes_applied"', times=number)
                delays.append(time.monotonic() - lent_at)
        first.wait_for("screen Attract", times=2)
        polls_before = len(registry.wait_for("/v1/changes"))
        waited_until = time.monotonic() + IDLE_S
        while time.monotonic() < waited_until:
            registry.wait_for("/v1/changes", times=len(registry.wait_for("/v1/changes")) + 1)
        polls = len(registry.wait_for("/v1/changes")) - polls_before
    a_minute = polls / 2 / (IDLE_S / 60)
    print(
        f"{LOANS} loans: median {statistics.median(delays):.2f} s, longest {max(delays):.2f} s; idle: {a_minute:.1f} requests a minute and kiosk"
    )
    assert max(delays) < 2
    assert a_minute <= 3
