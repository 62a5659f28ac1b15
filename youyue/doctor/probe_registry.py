"""Looking at a registry: its database, its keys against its newest snapshot, its certificate file. Reads only."""

from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.database_errors import UnusableDatabaseError
from registry.store_inspection import DatabaseMissingError, Looked, Manifest, inspect_registry
from registry.terms.store_offline import RecordedTerms
from replica.offline_terms import UnreadableTermsError, UntrustedTermsError, trusted_terms
from youyue.doctor.judge_registry import DatabaseFault

DATABASE_NAME = "registry.db"
SIGNING_KEY = "registry-signing.key"
NEEDED_KEYS = (SIGNING_KEY, "card-key-1.key")


def see_database(folder: Path, url: str) -> Looked | DatabaseFault:
    """The database, also while the service writes it."""
    try:
        return inspect_registry(folder / DATABASE_NAME, url)
    except DatabaseMissingError as error:
        return DatabaseFault(str(error), is_missing=True)
    except UnusableDatabaseError as error:
        return DatabaseFault(str(error))


def see_wal(folder: Path, url: str) -> int | None:
    """Bytes of the write-ahead log; none where there is no such file."""
    try:
        return None if url else (folder / f"{DATABASE_NAME}-wal").stat().st_size
    except OSError:
        return None


def see_signing_key(folder: Path, manifest: Manifest | None) -> bool | None:
    """Whether the signing key is the one that signed the newest snapshot; none when that can't be said."""
    try:
        secret = (folder / "keys" / SIGNING_KEY).read_bytes()
        key = Ed25519PrivateKey.from_private_bytes(secret)
    except (OSError, ValueError):
        return None
    if manifest is None:
        return None
    try:
        key.public_key().verify(manifest.signature, manifest.content)
    except InvalidSignature:
        return False
    return True


def see_signatures(folder: Path, recorded: tuple[RecordedTerms, ...]) -> tuple[int, ...]:
    """The versions of offline terms that this registry's key has not signed; none when the key can't be read."""
    try:
        key = Ed25519PrivateKey.from_private_bytes((folder / "keys" / SIGNING_KEY).read_bytes()).public_key().public_bytes_raw()
    except (OSError, ValueError):
        return ()
    return tuple(one.version for one in recorded if not _is_trusted(one, key))


def _is_trusted(one: RecordedTerms, key: bytes) -> bool:
    try:
        trusted_terms(one.signed, registry_key=key)
    except (UntrustedTermsError, UnreadableTermsError):
        return False
    return True


def see_certificate(path: str) -> datetime | None:
    """When the certificate in a file ends.

    Raises:
        OSError: it can't be read.
        ValueError: it is none.

    """
    return x509.load_pem_x509_certificate(Path(path).read_bytes()).not_valid_after_utc if path else None
