"""QR codes as rows of modules: dark or not."""

from functools import lru_cache

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError

Code = tuple[tuple[bool, ...], ...]


@lru_cache(maxsize=8)
def code_of(text: str) -> Code | None:
    """The code, without its quiet zone: the paper around it is one. None when the text is too long for any."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError):
        return None
    return tuple(tuple(bool(module) for module in row) for row in code.get_matrix())
