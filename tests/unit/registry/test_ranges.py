"""Byte ranges: what a resumed download may ask for."""

import pytest

from registry.exchange.ranges import ByteRange, RangeNotSatisfiableError, read_range

SIZE = 100


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (None, None),
        ("bytes=0-", ByteRange(0, 99)),
        ("bytes=10-19", ByteRange(10, 19)),
        ("bytes=10-500", ByteRange(10, 99)),
        ("bytes=99-", ByteRange(99, 99)),
        ("bytes=-10", ByteRange(90, 99)),
        ("bytes=-500", ByteRange(0, 99)),
        ("bytes=-" + "9" * 5000, None),
        ("bytes=" + "9" * 5000 + "-", None),
        ("bytes=10-99999999999999999999", ByteRange(10, 99)),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("lines=0-1", None),
        ("bytes=a-b", None),
        ("bytes=١-٢", None),
    ],
)
def test_what_a_range_header_means(header: str | None, wanted: ByteRange | None) -> None:
    assert read_range(header, SIZE) == wanted


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=20-10", "bytes=-0"])
def test_a_range_that_holds_nothing_is_refused(header: str) -> None:
    with pytest.raises(RangeNotSatisfiableError, match="100 bytes"):
        read_range(header, SIZE)
