"""What is sealed for one receiver: HPKE (RFC 9180) with DHKEM X25519, HKDF-SHA256 and ChaCha20-Poly1305."""

from typing import Final

from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

SEALING: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
