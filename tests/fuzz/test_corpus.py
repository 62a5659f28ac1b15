"""The inputs that are kept: each keeps its parser's laws, and together they walk the parser."""

import pytest

from tests.fuzz.corpus import FOLDER, file_of, kept
from tests.fuzz.parsers import TARGETS
from tests.fuzz.target import Target
from tests.fuzz.walked import Walk, coverage, walking

PROMISED_PERCENT = 95
LARGEST_BYTES = 64 * 1024

each_parser = pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)


@each_parser
def test_what_is_kept_breaks_no_law_and_walks_the_whole_parser(target: Target) -> None:
    walk = Walk()
    with walking(target.files, walk):
        for data in kept(target):
            target.check(data)
    covered = coverage(target.files, walk)
    assert covered.percent >= PROMISED_PERCENT, f"not walked: {', '.join(covered.missed)}"


@each_parser
def test_any_beginning_of_what_is_kept_breaks_no_law_either(target: Target) -> None:
    for data in kept(target):
        for length in range(min(len(data), 64)):
            target.check(data[:length])


def test_every_file_of_inputs_is_some_parsers_and_small() -> None:
    assert {file_of(target) for target in TARGETS.values()} == set(FOLDER.iterdir())
    assert [file.name for file in FOLDER.iterdir() if file.stat().st_size > LARGEST_BYTES] == []
