"""A reader and a scanner to which nobody ever comes."""

from collections.abc import Callable

from drivers.ports import ReaderEvent, ScannerEvent


class NoReader:
    def start(self, listener: Callable[[ReaderEvent], None]) -> None:
        pass

    def stop(self) -> None:
        pass


class NoScanner:
    def start(self, listener: Callable[[ScannerEvent], None]) -> None:
        pass

    def stop(self) -> None:
        pass
