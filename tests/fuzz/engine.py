"""One parser under atheris: libFuzzer makes inputs out of those it has, led by the ways through the code that they find.

``python -m tests.fuzz.engine PARSER [libFuzzer's options] FOLDER``; ``python -m tests.fuzz`` knows the options.
"""

import sys

import atheris

ROOMS = ("circulation", "drivers", "registry", "sync")
"""Whose ways are looked at."""


def main() -> None:
    """Fuzz; never returns."""
    name, *options = sys.argv[1:]
    with atheris.instrument_imports(include=ROOMS):
        # Only now: a module is instrumented while it is loaded.
        from tests.fuzz.parsers import TARGETS  # noqa: PLC0415
    atheris.Setup([sys.argv[0], *options], TARGETS[name].check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
