"""python-escpos, imported once and cleaned up after: it makes a temporary folder for a pickle on every import."""

import os
import shutil

from escpos import capabilities
from escpos.exceptions import Error as EscposError
from escpos.printer import Dummy, Network, Serial, Usb
from usb.core import NoBackendError, USBTimeoutError

if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
    shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)

# The profile of no printer in particular has no width, and every picture would say so on standard output.
capabilities.CAPABILITIES["profiles"]["default"]["media"]["width"]["pixels"] = "65535"

__all__ = ["Dummy", "EscposError", "Network", "NoBackendError", "Serial", "USBTimeoutError", "Usb"]
