"""A slip printer that speaks ESC/POS: a queue, a thread, a wire that is open for one slip or one look.

A wire that is opened anew each time has no old faults: a printer that was switched off and on is simply there again.
"""

import queue
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Lock, Thread, current_thread
from typing import Protocol

from drivers.escpos_bytes import after_a_broken_slip, slip_bytes
from drivers.escpos_links import PrinterLink
from drivers.escpos_status import (
    PAPER_IN_ORDER,
    Query,
    fault_in_order,
    fault_of,
    in_order_answer,
    prints,
    real_time_answer,
    state_of,
)
from drivers.ports import DeviceFault, DeviceHealth, PrinterError, PrinterEvent, Raster, SlipNotPrinted, SlipPrinted

DEVICE = "printer"
"""The name under which this driver reports its health."""

_CHUNK = 4096


class OpensLinks(Protocol):
    """Opens the wire: ``drivers.escpos_links.open_link`` of one address."""

    def __call__(self, *, within: float) -> PrinterLink:
        """An open wire, or ``PrinterError``."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. ``opening`` and ``answer``: how long the printer may take to be reached, and for an answer; ``look_every``: how often it is asked how it is."""

    opening: float = 3.0
    answer: float = 1.0
    look_every: float = 15.0


@dataclass(frozen=True, slots=True)
class _Job:
    ticket: int
    slip: Raster
    until: float


class _SpoiltError(Exception):
    """The slip does not come out."""

    def __init__(self, fault: DeviceFault, detail: str = "") -> None:
        self.fault = fault
        self.detail = detail


class EscposPrinter:
    """A ``ReceiptPrinter``.

    Args:
        open_link: opens the wire.
        monotonic: seconds.
        answers: whether the printer answers status requests; one that can't is believed to print what it takes.
        pace: its limits.

    """

    def __init__(self, open_link: OpensLinks, *, monotonic: Callable[[], float], answers: bool = True, pace: Pace = Pace()) -> None:
        self._open_link = open_link
        self._monotonic = monotonic
        self._answers = answers
        self._pace = pace
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._listener: Callable[[PrinterEvent], None] = _nobody
        self._health: DeviceHealth | None = None
        self._stopping = Event()
        self._thread: Thread | None = None
        self._holding = Lock()
        self._link: PrinterLink | None = None
        self._broken_off = b""

    def start(self, listener: Callable[[PrinterEvent], None]) -> None:
        """Begin in an own thread. The first report is a ``DeviceHealth``. Called once."""
        self._listener = listener
        self._thread = Thread(target=self._run, name="printer", daemon=True)
        self._thread.start()

    def print(self, ticket: int, slip: Raster, *, within: float) -> None:
        """Print this after what waits already, or say within so many seconds that it was not. Returns at once."""
        self._jobs.put(_Job(ticket, slip, self._monotonic() + within))

    def stop(self) -> None:
        """End, in the middle of a slip too. No report comes after it. May be called twice."""
        self._stopping.set()
        self._jobs.put(None)
        with self._holding:
            if self._link is not None:
                self._link.cut()
        if self._thread is not None and self._thread is not current_thread():
            self._thread.join(self._pace.opening)

    def _run(self) -> None:
        job: _Job | None = None
        while not self._stopping.is_set():
            try:
                if job is None:
                    self._look()
                else:
                    self._print(job)
            except _SpoiltError as spoilt:
                self._tell(spoilt.fault, spoilt.detail, job)
            except Exception as error:  # noqa: BLE001 - a driver never stops for good: it says what failed and goes on
                self._tell(DeviceFault.DRIVER_FAILED, type(error).__name__, job)
            job = self._next()

    def _next(self) -> _Job | None:
        try:
            return self._jobs.get(timeout=self._pace.look_every)
        except queue.Empty:
            return None

    def _look(self) -> None:
        if not self._answers:
            self._with_link(self._monotonic() + self._pace.opening, lambda _: None)
            self._tell(None)
            return
        self._tell(self._with_link(self._monotonic() + self._pace.opening + self._pace.answer, self._status))

    def _print(self, job: _Job) -> None:
        fault = self._with_link(job.until, lambda link: self._print_on(link, job))
        self._report(SlipPrinted(job.ticket))
        self._tell(fault)

    def _print_on(self, link: PrinterLink, job: _Job) -> DeviceFault | None:
        self._send(link, self._broken_off, job)
        fault = self._status(link) if self._answers else None
        if not prints(fault):
            raise _SpoiltError(fault or DeviceFault.PRINTER_ERROR)
        slip = slip_bytes(job.slip) + (PAPER_IN_ORDER if self._answers else b"")
        self._broken_off = after_a_broken_slip(job.slip)
        try:
            self._send(link, slip, job)
            if self._answers:
                fault = self._confirmed(link, job)
        except PrinterError as error:
            raise _SpoiltError(self._cause(link), str(error)) from None
        self._broken_off = b""
        return fault

    def _send(self, link: PrinterLink, rest: bytes, job: _Job) -> None:
        while rest:
            link.write(rest[:_CHUNK], within=self._left(job.until))
            rest = rest[_CHUNK:]

    def _confirmed(self, link: PrinterLink, job: _Job) -> DeviceFault | None:
        answer = self._answer(link, in_order_answer, until=job.until)
        if answer is None:
            raise _SpoiltError(self._cause(link))
        fault = fault_in_order(answer)
        if not prints(fault):
            raise _SpoiltError(fault or DeviceFault.PRINTER_ERROR)
        return fault

    def _cause(self, link: PrinterLink) -> DeviceFault:
        """Why it stopped in the middle, where it can still say so."""
        try:
            fault = self._status(link) if self._answers else None
        except (PrinterError, _SpoiltError):
            fault = None
        return DeviceFault.PRINTER_SILENT if fault is None or prints(fault) else fault

    def _status(self, link: PrinterLink) -> DeviceFault | None:
        until = self._monotonic() + self._pace.answer
        answers: dict[Query, int] = {}
        for query in Query:
            link.write(query.command, within=self._left(until))
            answer = self._answer(link, real_time_answer, until=until)
            if answer is None:
                break
            answers[query] = answer
        return fault_of(answers)

    def _answer(self, link: PrinterLink, find: Callable[[bytes], int | None], *, until: float) -> int | None:
        while not self._stopping.is_set() and (left := until - self._monotonic()) > 0:
            answer = find(link.read(within=left))
            if answer is not None:
                return answer
        return None

    def _left(self, until: float) -> float:
        left = until - self._monotonic()
        if left <= 0 or self._stopping.is_set():
            message = "it was not taken in time"
            raise PrinterError(message)
        return left

    def _with_link(self, until: float, work: Callable[[PrinterLink], DeviceFault | None]) -> DeviceFault | None:
        left = until - self._monotonic()
        if left <= 0:  # it waited behind others that took all its time
            raise _SpoiltError((self._health.fault if self._health else None) or DeviceFault.PRINTER_SILENT)
        link: PrinterLink | None = None
        try:
            link = self._open_link(within=min(self._pace.opening, left))
            with self._holding:
                self._link = link
            return work(link)
        except PrinterError as error:
            fault = DeviceFault.NO_PRINTER if link is None else DeviceFault.PRINTER_SILENT
            raise _SpoiltError(fault, str(error)) from None
        finally:
            with self._holding:
                self._link = None
            if link is not None:
                link.close(within=max(0.0, until - self._monotonic()) if not self._stopping.is_set() else 0.0)

    def _tell(self, fault: DeviceFault | None, detail: str = "", job: _Job | None = None) -> None:
        if job is not None:
            self._report(SlipNotPrinted(job.ticket, fault or DeviceFault.PRINTER_ERROR))
        health = DeviceHealth(DEVICE, state_of(fault), fault, detail)
        if health != self._health:
            self._health = health
            self._report(health)

    def _report(self, event: PrinterEvent) -> None:
        if not self._stopping.is_set():
            self._listener(event)


def _nobody(_event: PrinterEvent) -> None:
    """Listen before anybody does."""
