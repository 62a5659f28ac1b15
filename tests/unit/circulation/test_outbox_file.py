"""The registry's signing key in its other form: what is encrypted for it, it can open, and nobody else."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from circulation.outbox_file import decryption_key_of, encryption_key_of


@given(st.binary(min_size=32, max_size=32))
def test_the_two_forms_of_the_key_belong_to_each_other(seed: bytes) -> None:
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    private = X25519PrivateKey.from_private_bytes(decryption_key_of(seed))
    assert encryption_key_of(public) == private.public_key().public_bytes_raw()


@pytest.mark.parametrize("key", [bytes(31), bytes(32), (1).to_bytes(32, "little"), (2**255 - 19).to_bytes(32, "little")])
def test_what_is_no_such_point_is_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match="can't be used"):
        encryption_key_of(key)
