"""Readers that nfcpy drives: what is seen of them without opening one, and what it means."""

from collections.abc import Iterator
from dataclasses import dataclass

from drivers.nfcpy_address import NfcpyAddress
from drivers.nfcpy_frontend import require_nfcpy
from drivers.nfcpy_holders import KernelDriver, OtherProgram
from drivers.nfcpy_survey import FoundReader, find_nfcpy_readers
from drivers.ports import ReaderUnavailableError
from youyue.doctor.findings import Check, Finding, failed, ok

_SERVICE = "pcscd"


@dataclass(frozen=True, slots=True)
class NfcpyFacts:
    """The readers that are set and those that are there; ``problem``: why nfcpy itself can't be used."""

    address: NfcpyAddress
    found: tuple[FoundReader, ...] = ()
    problem: str = ""


def see_nfcpy(address: NfcpyAddress) -> NfcpyFacts:
    """Look at the bus."""
    try:
        require_nfcpy()
        return NfcpyFacts(address, find_nfcpy_readers(address))
    except (ReaderUnavailableError, OSError) as error:
        return NfcpyFacts(address, problem=str(error))


def judge_nfcpy(facts: NfcpyFacts) -> Iterator[Finding]:
    """Each reader that is set: whether it is there and may be opened. One that a running kiosk has opened is well."""
    if facts.problem:
        yield failed(Check.READER, "nfcpy_missing", detail=facts.problem)
        return
    for path in facts.address.paths:
        here = [reader for reader in facts.found if reader.path == path]
        if not here:
            yield failed(Check.READER, "nfcpy_none", path=path)
        else:
            # nfcpy takes the first one that it may have.
            yield min(map(_judged, here), key=lambda finding: finding.code != "nfcpy_reader")


def _judged(reader: FoundReader) -> Finding:
    match reader.holder:
        case KernelDriver(name):
            return failed(Check.READER, "nfcpy_held_by_kernel", node=reader.node, driver=name)
        case OtherProgram(name) if name == _SERVICE:
            return failed(Check.READER, "nfcpy_held_by_program", node=reader.node, program=name)
        case _:
            return ok(Check.READER, "nfcpy_reader", path=reader.path, node=reader.node)
