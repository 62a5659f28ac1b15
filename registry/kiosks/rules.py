"""One-time codes for kiosks: 60 random bits, read aloud without mistakes, known to the registry by their digest only."""

import hashlib
from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""
CODE_LENGTH = 12
"""Characters of five bits each."""
_GROUP = 4
_HEARD_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})


def new_code(random_bytes: Callable[[int], bytes]) -> str:
    """A code of 60 random bits, such as ``7K3M-Q0ZD-41XW``."""
    characters = [ALPHABET[byte % len(ALPHABET)] for byte in random_bytes(CODE_LENGTH)]
    return "-".join("".join(characters[i : i + _GROUP]) for i in range(0, CODE_LENGTH, _GROUP))


def code_digest(code: str) -> bytes:
    """The digest of a code however it was typed: small letters, spaces, an O for a 0."""
    return hashlib.sha256(b"youyue enrolment v1\0" + code.upper().translate(_HEARD_AS).encode()).digest()
