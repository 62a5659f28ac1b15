"""The demo's printer: a virtual one on loopback that the kiosk's own driver prints on, with faults at a click."""

from collections.abc import Callable
from types import MappingProxyType

from drivers.ports import Raster
from drivers.virtual_printer import Condition, VirtualPrinter
from ui.viewmodels.tray_printer import PrinterChoice, TrayPrinterViewModel

OFF = "off"
CONDITIONS = MappingProxyType(
    {
        "well": Condition(),
        "low": Condition(paper_low=True),
        "out": Condition(paper_out=True),
        "open": Condition(cover_open=True),
        "silent": Condition(silent=True),
    }
)


def choices(say: Callable[[str], str]) -> list[PrinterChoice]:
    """What can be wrong with it, the good state first."""
    return [PrinterChoice(key, say(f"tray.printer.{key}")) for key in (*CONDITIONS, OFF)]


class TrayPrinter:
    """Stands on a free port until ``close``. ``view_model`` shows its slips, and its clicks are heard here."""

    def __init__(self, say: Callable[[str], str]) -> None:
        self.view_model = TrayPrinterViewModel(choices(say), self.become)
        self._printed: Callable[[Raster], None] = self.view_model.show
        self._printer: VirtualPrinter | None = VirtualPrinter(self._printed)
        self._port = self._printer.port
        self.address = self._printer.address

    def become(self, key: str) -> None:
        """Let it be so: a key of ``CONDITIONS``, or off."""
        if key == OFF:
            self.close()
            return
        if self._printer is None:
            self._printer = VirtualPrinter(self._printed, port=self._port)
        self._printer.become(CONDITIONS[key])

    def close(self) -> None:
        """Switch it off. May be called twice."""
        if self._printer is not None:
            self._printer.close()
            self._printer = None
