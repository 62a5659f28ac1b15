"""Which word of the registry's time facts are timed from. Pure."""

from typing import Final

from circulation.wire import MONOTONIC_DRIFT, HeardTime
from kiosk.recorder import NANOSECONDS

KEPT_FOR: Final = 600.0
"""Seconds for which a word is preferred to later ones that were slower on their way. A registry whose clock was set back is believed then."""


def nearer(known: HeardTime | None, said: HeardTime) -> HeardTime:
    """Of two words the one that was quicker on its way, as far as that can be told.

    A word is as old as it took to come: an answer may drip for a minute, and the registry reckons with two seconds. By the monotonic clock
    both can be held against each other, and the one that makes it later was quicker.
    """
    if known is None or known.boot != said.boot or None in {known.server_time.tzinfo, said.server_time.tzinfo}:
        return said
    apart = (said.monotonic - known.monotonic) / NANOSECONDS
    behind = apart - (said.server_time - known.server_time).total_seconds()
    return known if abs(apart) <= KEPT_FOR and behind > abs(apart) * MONOTONIC_DRIFT else said
