import pytest

from drivers.ports import ReaderUnavailableError
from drivers.probe import find_readers, is_real


@pytest.mark.parametrize(
    ("reader", "real"), [("ACS ACR122U 00 00", True), ("Virtual PCD 00 00", False), ("Youyue Demo 00 01", False), ("", True)]
)
def test_a_virtual_reader_is_told_from_one_that_can_be_held(reader: str, *, real: bool) -> None:
    assert is_real(reader) is real


def test_an_absent_service_is_said_in_one_line() -> None:
    with pytest.raises(ReaderUnavailableError, match="SCARD_E_NO_SERVICE") as refused:
        find_readers({"PCSCLITE_CSOCK_NAME": "/nowhere/pcscd.sock"}, limit_s=30)
    assert "\n" not in str(refused.value)
