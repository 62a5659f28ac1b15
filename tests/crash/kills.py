"""Kills a town's kiosk again and again, and holds the registry against what was seen."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec

from circulation.ids import BranchCode
from tests.crash.nursery import Counts, TownFile
from tests.e2e.town import Town

BRANCH = "L12"


@dataclass(frozen=True)
class Seen:
    """What the nursery counted, and what was lost in its words; nothing: empty."""

    counts: Counts
    lost: str


def kill(town: Town, folder: Path, kills: int, *, control: str = "") -> Seen:
    """Let the kiosk of a folder live until it was killed so often or lost something. What the nursery prints goes on to here."""
    cast = TownFile(
        tuple(pupil.uid.hex for pupil in town.pupils), {copy.barcode: str(copy.id) for copy in town.city.copies_of(BranchCode(BRANCH))}
    )
    told = folder.parent / "town.json"
    told.write_bytes(msgspec.json.encode(cast))
    command = (sys.executable, "-m", "tests.crash.nursery", str(folder), str(told), str(kills), control)
    with subprocess.Popen(command, env=town.environment, stdout=subprocess.PIPE, text=True) as nursery:
        assert nursery.stdout is not None
        lines = []
        for line in nursery.stdout:
            print(line, end="", flush=True)
            lines.append(line.strip())
    *before, counted = lines
    lost = [line for line in before if line.startswith("lost: ")]
    assert nursery.returncode == (1 if lost else 0)
    return Seen(msgspec.json.decode(counted, type=Counts), "".join(lost))


def require_all_at_the_registry(town: Town, seen: Seen) -> None:
    """Every fact is there once, without a gap, in the one epoch that the ledger ever had."""
    facts = seen.counts.facts
    assert town.rows("SELECT count(*), count(DISTINCT fact_key), count(DISTINCT epoch), count(DISTINCT seq), max(seq) FROM fact") == [
        (facts, facts, 1, facts, facts)
    ]
    assert town.rows("SELECT count(*) FROM fact WHERE status <> 'accepted'") == [(0,)]
