from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.input_nodes import InputNode, chosen, is_keyboard, keyboards
from drivers.ports import DeviceFault
from drivers.scanner_address import KeyboardAddress

# As a USB keyboard of the field shows it, 64-bit words, highest first; and a power button's single key (116).
FULL_KEYBOARD = "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"
POWER_BUTTON = "10000000000000 0"


def plug(sys: Path, number: int, name: str, **given: str) -> None:
    """One device as the kernel shows it; ``vendor``, ``product``, ``phys`` and ``key`` as given."""
    of = sys / f"event{number}" / "device"
    files = {"phys": "usb-1/input0", "id/vendor": "05e0", "id/product": "1200", "capabilities/key": FULL_KEYBOARD}
    places = {"vendor": "id/vendor", "product": "id/product", "key": "capabilities/key", "phys": "phys"}
    for part, text in ({"name": name} | files | {places[word]: text for word, text in given.items()}).items():
        (of / part).parent.mkdir(parents=True, exist_ok=True)
        (of / part).write_text(f"{text}\n", encoding="utf-8")


def a_node(number: int = 3, *, name: str = "Scanner", numbers: tuple[int, int] = (0x05E0, 0x1200), phys: str = "usb-1/input0") -> InputNode:
    return InputNode(f"/dev/input/event{number}", name, *numbers, phys=phys)


def test_the_keyboards_of_a_machine_are_listed_in_their_order_and_nothing_else_is(tmp_path: Path) -> None:
    plug(tmp_path, 10, "Symbol Bar Code Scanner", phys="usb-2/input0")
    plug(tmp_path, 2, "AT Keyboard", vendor="0001", product="0001", phys="isa0060/serio0/input0")
    plug(tmp_path, 1, "Power Button", key=POWER_BUTTON)
    (tmp_path / "mouse0").mkdir()
    assert keyboards(tmp_path, Path("/dev/input")) == (
        InputNode("/dev/input/event2", "AT Keyboard", 1, 1, "isa0060/serio0/input0"),
        InputNode("/dev/input/event10", "Symbol Bar Code Scanner", 0x05E0, 0x1200, "usb-2/input0"),
    )


def test_a_device_that_goes_while_it_is_looked_at_is_none(tmp_path: Path) -> None:
    plug(tmp_path, 1, "Scanner")
    plug(tmp_path, 2, "Gone")
    (tmp_path / "event2" / "device" / "id" / "vendor").unlink()
    plug(tmp_path, 3, "Odd", vendor="xyz")
    assert [node.name for node in keyboards(tmp_path)] == ["Scanner"]


def test_a_machine_without_inputs_has_no_keyboard(tmp_path: Path) -> None:
    assert keyboards(tmp_path / "none") == ()


@pytest.mark.parametrize(
    ("keys", "types"),
    [
        (FULL_KEYBOARD, True),
        ("10000ffc", True),
        ("10000ff8", False),
        ("ffc", False),
        (POWER_BUTTON, False),
        ("0", False),
        ("", False),
        ("words", False),
    ],
)
def test_what_has_enter_and_the_digits_can_type_a_barcode(keys: str, types: bool) -> None:  # noqa: FBT001 - a column of the table
    assert is_keyboard(keys) is types


@given(st.text(st.sampled_from("0123456789abcdefgxyz -_")))
def test_any_bitmap_is_read_without_a_failure(keys: str) -> None:
    assert is_keyboard(keys) in {True, False}


def test_a_keyboard_is_chosen_by_its_numbers() -> None:
    other = a_node(4, numbers=(1, 1), phys="usb-2/input0")
    assert chosen([other, a_node()], KeyboardAddress(numbers=(0x05E0, 0x1200))) == (a_node(),)


def test_a_keyboard_is_chosen_by_its_whole_name() -> None:
    other = a_node(4, name="Scanner 2", phys="usb-2/input0")
    assert chosen([other, a_node()], KeyboardAddress(name="Scanner")) == (a_node(),)


def test_a_keyboard_is_chosen_by_the_file_that_its_stable_name_leads_to() -> None:
    twin = a_node(4, phys="usb-2/input0")
    address = KeyboardAddress(path="/dev/input/by-path/pci-usb-2-event-kbd")
    assert chosen([a_node(), twin], address, target="/dev/input/event4") == (twin,)


def test_all_interfaces_of_one_device_are_taken() -> None:
    both = (a_node(3), a_node(4, phys="usb-1/input1"))
    assert chosen(both, KeyboardAddress(numbers=(0x05E0, 0x1200))) == both


@pytest.mark.parametrize("phys", ["usb-2/input0", ""])
def test_of_two_like_devices_none_is_taken(phys: str) -> None:
    two = (a_node(3), a_node(4, phys=phys))
    assert chosen(two, KeyboardAddress(numbers=(0x05E0, 0x1200))) is DeviceFault.SCANNER_AMBIGUOUS


@pytest.mark.parametrize(
    "address",
    [KeyboardAddress(numbers=(0x05E0, 0x1201)), KeyboardAddress(name="Scan"), KeyboardAddress(path="/dev/input/by-id/x-event-kbd")],
)
def test_a_keyboard_that_is_not_there_is_missing(address: KeyboardAddress) -> None:
    assert chosen([a_node()], address, target="/dev/input/by-id/x-event-kbd") is DeviceFault.NO_SCANNER
