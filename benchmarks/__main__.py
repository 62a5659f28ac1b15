"""``python -m benchmarks [--scale demo|city] [--only M4,M5]``: take the measures, print the table, write ``build/bench.json``."""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from benchmarks import machine
from benchmarks.city import SCALES, SEED, City
from benchmarks.city_files import prepared
from benchmarks.figures import Measure, table
from youyue import logs

BUILD = Path("build")
MEASURES = {
    "M1": "tap_to_frame",
    "M2": "card_to_frame",
    "M2u": "card_read",
    "M3": "kiosk_start",
    "M4": "card_lookup",
    "M5": "durable_checkout",
    "M6": "changed_rows",
    "M7": "fresh_kiosk",
    "M8": "pushed_facts",
    "M9": "pushed_facts",
    "M10": "loss_told",
    "M11": "roster_import",
    "M12": "kiosk_memory",
    "M13": "class_of_thirty",
    "MF": "screen_frames",
}
"""Their modules: each is imported when it is taken, and takes all of its measures."""


def main(arguments: Sequence[str]) -> None:
    chosen = _parser().parse_args(arguments)
    if chosen.scale not in SCALES:
        sys.exit(f"there is no scale {chosen.scale}; there are {', '.join(SCALES)}")
    unknown = [name for name in chosen.only if name not in MEASURES]
    if unknown:
        sys.exit(f"there is no measure {', '.join(unknown)}; there are {', '.join(MEASURES)}")
    build = BUILD / "bench"
    build.mkdir(parents=True, exist_ok=True)
    found = machine.facts(build)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        logs.configure(nowhere)  # logs are written as in life and read by nobody
        city = prepared(build, SCALES[chosen.scale], _say)
        modules = dict.fromkeys(MEASURES[name] for name in chosen.only or MEASURES)
        taken = [measure for module in modules for measure in _taken(module, city, build)]
    report = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": machine.commit(),
        "scale": chosen.scale,
        "seed": SEED,
        "machine": {**found, "load_after": os.getloadavg()},
        "measures": [_as_json(measure) for measure in taken],
    }
    target = BUILD / "bench.json"
    target.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print()
    print(table(taken))
    print(f"\n* the slowest of fewer than 100 samples; scale {chosen.scale}, load {os.getloadavg()[0]:.1f}; all figures: {target}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--scale", default=os.environ.get("SCALE", "demo"), help=f"{' or '.join(SCALES)}; default: $SCALE, or demo")
    parser.add_argument("--only", type=lambda text: text.split(","), default=[], help="such as M4,M5; default: all")
    return parser


def _taken(module: str, city: City, build: Path) -> list[Measure]:
    name = ", ".join(name for name, of in MEASURES.items() if of == module)
    _say(f"{name} …")
    begun = time.monotonic()
    measures: list[Measure] = import_module(f"benchmarks.{module}").measures(city, build)
    _say(f"{name} took {time.monotonic() - begun:.0f} s")
    return measures


def _as_json(measure: Measure) -> dict[str, object]:
    limit = measure.limit
    return {
        "id": measure.id,
        "what": measure.what,
        "limit": measure.limit_is,
        "goal": "" if measure.goal is None else measure.goal.spoken(measure.unit),
        "verdict": measure.verdict.value,
        "ratio": measure.ratio,
        "median": measure.ours.median,
        "p99": measure.ours.p99,
        "limit_median": None if limit is None else limit.median,
        "limit_p99": None if limit is None else limit.p99,
        "beside": measure.beside,
        "unit": measure.unit.value,
        "samples": measure.ours.rounds,
        "limit_samples": None if limit is None else limit.rounds,
    }


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
