"""Slips as files: whole or not there, for their owner only, named after nobody; what is wrong is a value that people can be told."""

import errno
import os
import re
import resource
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.paper_world import CHINESE_FIRST, a_visit, document, lent, returned, slip_paper
from texts.catalogue import Catalogue
from ui.gallery.examples import a_place
from ui.paper.sheet import PaperWidth
from ui.paper.tray import NotPrinted, PaperProblem, Printed

TITLE = "西遊記（少年版）二"
VISIT = a_visit(lent(1, TITLE))


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def test_a_slip_is_readable_by_its_owner_only(tmp_path: Path, open_umask: None) -> None:
    outcome = slip_paper(tmp_path).loans(VISIT, a_place(), CHINESE_FIRST)

    assert isinstance(outcome, Printed)
    assert stat.S_IMODE(outcome.path.stat().st_mode) == 0o600


def test_a_file_name_says_when_and_what_for_and_nothing_else(tmp_path: Path) -> None:
    paper = slip_paper(tmp_path, token=iter(["9f86d081", "884c7d65"]).__next__)

    paper.loans(VISIT, a_place(), CHINESE_FIRST)
    paper.routing(returned(send_to="民生"), a_place(), CHINESE_FIRST)

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "loans-20261124T063205Z-9f86d081.pdf",
        "routing-20261124T063205Z-884c7d65.pdf",
    ]


def test_every_slip_is_a_file_of_its_own(tmp_path: Path) -> None:
    paper = slip_paper(tmp_path, PaperWidth.A4)

    for _ in range(3):
        assert document(paper.loans(VISIT, a_place(), CHINESE_FIRST)).startswith(b"%PDF-")

    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("name", ["missing", "a-file"])
def test_a_folder_that_is_not_there_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "a-file").write_bytes(b"")

    outcome = slip_paper(tmp_path / name).loans(VISIT, a_place(), CHINESE_FIRST)

    assert outcome == NotPrinted(PaperProblem.NO_FOLDER)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (errno.EACCES, PaperProblem.NOT_PERMITTED),
        (errno.EROFS, PaperProblem.NOT_PERMITTED),
        (errno.ENOSPC, PaperProblem.DISK_FULL),
        (errno.EIO, PaperProblem.OTHER),
    ],
)
def test_what_the_disk_refuses_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, problem: PaperProblem) -> None:
    def refuse(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)

    assert slip_paper(tmp_path).loans(VISIT, a_place(), CHINESE_FIRST) == NotPrinted(problem)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_grows_too_large_leaves_nothing_behind(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        outcome = slip_paper(tmp_path).loans(VISIT, a_place(), CHINESE_FIRST)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert outcome == NotPrinted(PaperProblem.OTHER)
    assert list(tmp_path.iterdir()) == []


def test_what_is_only_begun_is_nobodys_slip_yet(tmp_path: Path) -> None:
    """Another one's file of the same name is neither overwritten nor removed."""
    begun = tmp_path / ".loans-20261124T063205Z-same.pdf.part"
    begun.write_bytes(b"of another")

    outcome = slip_paper(tmp_path, token=lambda: "same").loans(VISIT, a_place(), CHINESE_FIRST)

    assert outcome == NotPrinted(PaperProblem.OTHER)
    assert begun.read_bytes() == b"of another"


@pytest.mark.parametrize("problem", list(PaperProblem))
def test_every_problem_has_a_sentence_and_an_instruction(chinese: Catalogue, english: Catalogue, problem: PaperProblem) -> None:
    for catalogue in (chinese, english):
        assert catalogue.say(f"paper.problem.{problem.value}")
        assert catalogue.say(f"paper.problem.{problem.value}.do")


def test_a_refused_slip_is_logged_without_what_stood_on_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    slip_paper(tmp_path / "missing").loans(VISIT, a_place(), CHINESE_FIRST)

    logged = "".join(capsys.readouterr())

    assert re.search(r"slip_not_printed.*no_folder", logged)
    assert TITLE not in logged
