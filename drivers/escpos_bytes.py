"""A slip as the bytes that an ESC/POS printer prints: a picture in short pieces, then the cut. python-escpos writes the commands."""

from PIL import Image

from drivers.escpos_library import Dummy
from drivers.ports import Raster

PIECE_ROWS = 64
"""Rows of one picture command: cheap printers have little memory, and a broken command is short."""

_HEAD = 8
"""Bytes of a picture command before its dots."""


def slip_bytes(slip: Raster) -> bytes:
    """The whole slip, from the reset of the printer to the partial cut."""
    writer = Dummy()
    writer.hw("INIT")
    writer.image(picture_of(slip), fragment_height=PIECE_ROWS)
    writer.cut("PART")
    output: bytes = writer.output
    return output


def picture_of(slip: Raster) -> Image.Image:
    """The slip's dots in black and white, for the library and for whoever looks at them."""
    # The raw mode "1;I" reads a bit that is set as black.
    return Image.frombytes("1", (slip.width, slip.height), slip.rows, "raw", "1;I")


def after_a_broken_slip(slip: Raster) -> bytes:
    """What comes before the next slip: it ends the picture command that was broken off, and cuts off what was printed of it.

    The next patron never gets half a slip of the last one. Zeros beyond the picture are nothing to a printer.
    """
    writer = Dummy()
    writer.hw("INIT")
    writer.cut("PART")
    output: bytes = bytes(_HEAD + slip.width // 8 * PIECE_ROWS) + writer.output
    return output
