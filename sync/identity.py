"""Who a kiosk is: what it was given at enrolment and made for itself, in one file that only its user may read."""

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, Self
from uuid import UUID

import msgspec
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Meta, Struct
from msgspec.structs import asdict, replace

from replica.durable import sync_to_disk
from replica.wiping import wipe
from sync.errors import one_line

log = structlog.get_logger()

IDENTITY_NAME: Final = "identity.json"
_LONGEST_FILE: Final = 64 * 2**10

Key = Annotated[bytes, Meta(min_length=32, max_length=32)]


class IdentityError(Exception):
    """There is no identity, there is one already, or it can't be used. Names the file and says what to do."""


class Identity(Struct, frozen=True, kw_only=True):
    """An enrolled kiosk.

    ``registry`` is the registry's address and ``ca`` the PEM file of its certificate authority, where it
    has an own one. ``device_key`` signs requests, ``database_key`` opens replica and ledger: both are
    made on the kiosk and leave it never.
    """

    v: int = 1
    kiosk: UUID
    branch: str
    branch_name: str
    registry: str
    ca: str | None = None
    time_zone: str
    card_key: Key
    card_key_version: int
    registry_key: Key
    device_key: Key
    database_key: Key

    def __repr__(self) -> str:
        """Without keys: an identity may stand in a traceback."""
        return f"Identity(kiosk={self.kiosk}, branch={self.branch!r}, registry={self.registry!r})"

    @property
    def signing_key(self) -> Ed25519PrivateKey:
        """The device key, ready to sign."""
        return Ed25519PrivateKey.from_private_bytes(self.device_key)

    @property
    def tag_key(self) -> bytes:
        """What this kiosk makes the tags of its log lines with: 32 bytes from the database key, which no other machine has."""
        return HKDF(SHA256(), 32, None, b"youyue log tags v1").derive(self.database_key)

    @property
    def ca_file(self) -> Path | None:
        """Where the certificate authority's certificates are."""
        return Path(self.ca) if self.ca else None


class _Kept(Identity, frozen=True, kw_only=True):
    """What stands in the file: an identity and its checksums (SHA-256, hex); an older program wrote none.

    ``check`` is that of everything but the key of cards, which has its own: a revocation puts zeros in its place.
    """

    check: str = ""
    card_key_check: str = ""

    @classmethod
    def of(cls, identity: Identity) -> Self:
        return cls(**asdict(identity), check=_check_of(identity), card_key_check=hashlib.sha256(identity.card_key).hexdigest())

    def identity(self) -> Identity:
        return Identity(**{name: value for name, value in asdict(self).items() if name in Identity.__struct_fields__})

    @property
    def is_whole(self) -> bool:
        identity = self.identity()
        if self.check and self.check != _check_of(identity):
            return False
        key = identity.card_key
        return not self.card_key_check or key == bytes(len(key)) or self.card_key_check == hashlib.sha256(key).hexdigest()


def _check_of(identity: Identity) -> str:
    without = replace(identity, card_key=bytes(len(identity.card_key)))
    return hashlib.sha256(msgspec.json.encode(without)).hexdigest()


def require_none(folder: Path) -> None:
    """Make sure that a folder can take an identity and has none yet.

    Raises:
        IdentityError: it has one, or can't be written to.

    """
    path = folder / IDENTITY_NAME
    if path.exists() or path.is_symlink():
        raise IdentityError(_exists(path))
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        message = f"{folder}: no folder that this user may write to; make it first (mode 0700)"
        raise IdentityError(message)


def write_identity(folder: Path, identity: Identity) -> Path:
    """Write ``identity.json`` (mode 0600), durably and whole or not at all; its path.

    Raises:
        IdentityError: there is one already, or it can't be written.

    """
    path = folder / IDENTITY_NAME
    try:
        with _written(folder, identity) as fresh:
            # A link, unlike a renaming, never replaces what is there.
            path.hardlink_to(fresh)
    except FileExistsError:
        raise IdentityError(_exists(path)) from None
    except OSError as error:
        message = f"{path}: can't be written: {error.strerror}"
        raise IdentityError(message) from None
    return path


def give_check(folder: Path) -> None:
    """Write the checksums into an identity that an older program wrote; the bytes of the old file are overwritten with zeros.

    Where the disk does not let it, the file is used as it is: a kiosk must start on a full disk.

    Raises:
        IdentityError: there is no usable identity.

    """
    kept = _read(folder)
    if kept.check and kept.card_key_check:
        return
    path, old = folder / IDENTITY_NAME, folder / f"{IDENTITY_NAME}.old"
    try:
        wipe(old)  # power was cut while it was done last
        with _written(folder, kept.identity()) as fresh:
            old.hardlink_to(path)
            fresh.rename(path)
        wipe(old)
    except OSError as error:
        log.warning("identity_without_check", problem=error.strerror)


@contextmanager
def _written(folder: Path, identity: Identity) -> Iterator[Path]:
    """A file of another name with an identity, on disk; what was done with it is on disk afterwards, too."""
    fresh = folder / f"{IDENTITY_NAME}.{os.getpid()}.new"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(_Kept.of(identity)), indent=2))
            file.flush()
            os.fsync(file.fileno())
        yield fresh
    finally:
        fresh.unlink(missing_ok=True)
    sync_to_disk(folder)


def read_identity(folder: Path) -> Identity:
    """Read the identity in a folder.

    Raises:
        IdentityError: none is there, others may read it, or it is broken.

    """
    return _read(folder).identity()


def _read(folder: Path) -> _Kept:
    path = folder / IDENTITY_NAME
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            raw = file.read(_LONGEST_FILE + 1)
    except FileNotFoundError:
        message = f"{path}: not there; enrol this kiosk first with the one-time code from the registry"
        raise IdentityError(message) from None
    except OSError as error:
        message = f"{path}: can't be read: {error.strerror}"
        raise IdentityError(message) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        message = f"{path}: holds keys and has mode {mode:04o}; make it 0600, and enrol anew if somebody may have read it"
        raise IdentityError(message)
    try:
        kept = msgspec.json.decode(raw, type=_Kept)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        message = f"{path}: is broken: {one_line(str(error))}; bring it back from a backup or enrol anew"
        raise IdentityError(message) from None
    if kept.v != 1:
        message = f"{path}: has version {kept.v}, this programme reads 1"
        raise IdentityError(message)
    if not kept.is_whole:
        message = f"{path}: is broken: it differs from its checksum; bring it back from a backup or enrol anew"
        raise IdentityError(message)
    return kept


def _exists(path: Path) -> str:
    return f"{path}: this kiosk is enrolled already; move the whole folder away to begin anew"
