"""python-escpos, imported once and cleaned up after: on every import it makes a temporary folder for a pickle and takes over the logs."""

import logging
import os
import shutil

_handlers = list(logging.root.handlers)

from escpos import capabilities  # noqa: E402 - what stood before its import is put back after it
from escpos.exceptions import Error as EscposError  # noqa: E402 - the same
from escpos.printer import Dummy, Network, Serial, Usb  # noqa: E402 - the same
from usb.core import NoBackendError, USBTimeoutError  # noqa: E402 - the same

logging.root.handlers[:] = _handlers

if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
    shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)

# The profile of no printer in particular has no width, and every picture would say so on standard output.
capabilities.CAPABILITIES["profiles"]["default"]["media"]["width"]["pixels"] = "65535"

__all__ = ["Dummy", "EscposError", "Network", "NoBackendError", "Serial", "USBTimeoutError", "Usb"]
