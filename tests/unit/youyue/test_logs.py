import io
import json
from collections.abc import Iterator

import pytest
import structlog

from youyue import logs


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    logs.configure(stream)
    yield stream
    structlog.reset_defaults()


def test_a_key_that_is_not_allowed_leaves_only_its_name(stream: io.StringIO) -> None:
    structlog.get_logger().info("checked_out", seq=3, title="小王子", uid="04A32B1C")
    line = json.loads(stream.getvalue())
    assert (line["event"], line["seq"], line["dropped"]) == ("checked_out", 3, ["title", "uid"])
    assert "小王子" not in stream.getvalue()
    assert "04A32B1C" not in stream.getvalue()


def test_a_long_value_is_cut_so_that_no_answer_can_fill_the_disk(stream: io.StringIO) -> None:
    structlog.get_logger().info("odd_answer", problem="x" * 100_000)
    assert len(stream.getvalue()) < 500


def test_debug_is_silent_unless_asked_for(stream: io.StringIO) -> None:
    structlog.get_logger().debug("page_applied", count=3)
    assert stream.getvalue() == ""
    logs.configure(stream, verbose=True)
    structlog.get_logger().debug("page_applied", count=3)
    assert json.loads(stream.getvalue())["count"] == 3
