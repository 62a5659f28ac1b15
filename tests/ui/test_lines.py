"""The model of a list: a new line is seen coming, and nothing else moves."""

import pytest

from texts.catalogue import Catalogue
from ui.gallery.examples import borrowed
from ui.speech import Speech
from ui.viewmodels.lines import LinesModel, Role
from ui.viewmodels.slip import slip_line


@pytest.fixture
def speech(chinese: Catalogue, english: Catalogue) -> Speech:
    return Speech(chinese, english)


def test_a_new_line_is_an_insertion_and_nothing_else_moves(speech: Speech) -> None:
    model = LinesModel()
    inserted: list[int] = []
    removed: list[int] = []
    resets: list[bool] = []
    model.rowsInserted.connect(lambda _parent, first, _last: inserted.append(first))
    model.rowsRemoved.connect(lambda _parent, first, _last: removed.append(first))
    model.modelReset.connect(lambda: resets.append(True))

    model.show([slip_line(borrowed(1), speech)])
    model.show([slip_line(borrowed(2), speech), slip_line(borrowed(1), speech)])

    assert (inserted, removed, resets) == ([0, 0], [], [])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((), (1,)),
        ((1,), ()),
        ((3, 2, 1), (4, 3, 1)),
        ((3, 2, 1), (6, 5, 4)),
        ((3, 2, 1), (1, 3, 2)),
        ((2, 1), (3, 2, 1)),
        ((4, 3, 2, 1), (4, 1)),
    ],
)
def test_the_slip_ends_up_with_the_lines_of_the_view(speech: Speech, before: tuple[int, ...], after: tuple[int, ...]) -> None:
    model = LinesModel()
    model.show([slip_line(borrowed(number), speech) for number in before])

    model.show([slip_line(borrowed(number), speech) for number in after])

    shown = [model.data(model.index(row), Role.LINE) for row in range(model.rowCount())]
    assert [line["number"] for line in shown if isinstance(line, dict)] == list(after)
    assert [model.data(model.index(row), Role.LATEST) for row in range(model.rowCount())] == [row == 0 for row in range(len(after))]
