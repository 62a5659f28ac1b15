"""Enrolment: a one-time code for an identity."""

import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from circulation.wire import EnrolmentRequest
from sync.client import RegistryClient
from sync.identity import Identity, require_none, write_identity


def enrol(folder: Path, *, registry: str, code: str, name: str, ca: Path | None = None) -> Identity:
    """Enrol this kiosk and write its identity into its folder. The code is used up only when the registry accepts it.

    Args:
        folder: the kiosk's folder; it must exist and hold no identity.
        registry: address, such as ``https://registry.library.example``.
        code: the one-time code; blanks and line ends around it are not part of it.
        name: what people call this kiosk, such as ``總館 1``.
        ca: PEM file of the registry's own certificate authority.

    Raises:
        IdentityError: enrolled already, or the folder can't be written to; the code is still good then.
        RegistryAddressError: ``registry`` or ``ca`` can't be used.
        RegistryRefusedError: the code is wrong, used or too old.
        SyncError: another of its kinds.

    """
    require_none(folder)
    absolute = ca.absolute() if ca is not None else None
    device_key = Ed25519PrivateKey.generate()
    request = EnrolmentRequest(code=code.strip(), public_key=device_key.public_key().public_bytes_raw(), name=name.strip())
    client = RegistryClient(registry, ca=absolute)
    try:
        answer = client.enrol(request)
    finally:
        client.close()
    identity = Identity(
        kiosk=answer.kiosk,
        branch=answer.branch,
        branch_name=answer.branch_name,
        registry=registry,
        ca=str(absolute) if absolute is not None else None,
        time_zone=answer.time_zone,
        card_key=answer.card_key,
        card_key_version=answer.card_key_version,
        registry_key=answer.registry_key,
        device_key=device_key.private_bytes_raw(),
        database_key=secrets.token_bytes(32),
    )
    write_identity(folder, identity)
    return identity
