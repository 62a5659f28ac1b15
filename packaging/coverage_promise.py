"""Compares the measured coverage (lines and branches together) with the promise of each file in pyproject.toml."""

import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from coverage import Coverage


def promised(tree: Path, promises: Mapping[str, float]) -> dict[Path, float]:
    """The promise of each file.

    Raises:
        SystemExit: a pattern fits no file.

    """
    floors: dict[Path, float] = {}
    for pattern, floor in promises.items():
        files = sorted(tree.glob(pattern))
        if not files:
            sys.exit(f"coverage promise {pattern}: there is no such file, take the promise away")
        floors.update(dict.fromkeys(files, floor))
    return floors


def main() -> int:
    """Print every broken promise; the exit code says whether there is one."""
    tree = Path(__file__).parents[1]
    settings = tree / "pyproject.toml"
    floors = promised(tree, tomllib.loads(settings.read_text("utf-8"))["tool"]["coverage-promise"])
    coverage = Coverage(config_file=str(settings))
    coverage.load()
    broken = []
    for path, floor in floors.items():
        analysis = coverage._analyze(str(path))  # noqa: SLF001 - a file's lines and branches have no public way but a whole report
        percent = analysis.numbers.pc_covered
        if percent < floor:
            missing = ", ".join(map(str, sorted(analysis.missing)[:10])) or "branches only"
            broken.append(f"{path.relative_to(tree)}: {percent:.1f} % of the promised {floor} %, not walked: {missing}")
    print(*(broken or [f"coverage: promises of {len(floors)} files kept"]), sep="\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
