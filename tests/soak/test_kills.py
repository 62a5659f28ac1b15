"""kill -9 of the kiosk process at the printed "done", often and at spread moments. Takes about ten minutes: ``make soak``."""

import os

from tests.e2e.acts import kill_at_done
from tests.e2e.town import Town, until

KILLS = int(os.environ.get("KILLS", "200"))
SPREAD_S = 0.25
"""The kills come between 0 and so long after the "done": before, while and after the fact is sent and answered."""


def test_no_loan_is_lost_and_none_is_made_twice(town: Town) -> None:
    with town.serve_registry(), town.start_reader():
        folder = town.enrol_kiosk("L12", "kiosk-1")
        done = [kill_at_done(town, folder, round_number=number, delay=SPREAD_S * number / KILLS) for number in range(KILLS)]
        with town.start_kiosk(folder):
            until(lambda: town.rows("SELECT count(*) FROM fact") == [(KILLS,)], "every fact")
        assert sorted(key for (key,) in town.rows("SELECT lower(hex(id)) FROM loan")) == sorted(done)
        assert town.rows("SELECT count(DISTINCT fact_key), max(seq), count(DISTINCT seq) FROM fact") == [(KILLS, KILLS, KILLS)]
        print(f"{KILLS} kills, {len(done)} loans done, {len(done)} at the registry")
