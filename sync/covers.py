"""The cover that the registry has told this run of the kiosk: nothing of it is kept on a disk, for every start is told it anew (ADR 43)."""

from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING, BinaryIO, Final

import structlog
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers import CipherContext
from msgspec import UnsetType
from msgspec.structs import replace

from circulation.covers import CoverId, SignedCover
from circulation.range_checks import RangeAnswer, RangeCheck
from circulation.wire import ChangesPage, SignedManifest, SnapshotManifest
from replica.covered_rows import turned, turned_range
from replica.covers import Cover, UntrustedCoverError, opened, public_text
from sync.errors import RegistryAnswerError
from sync.identity import Identity

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

log = structlog.get_logger()

_CHUNK_BYTES: Final = 2**20


class HeldCover:
    """What this run holds; used by the one thread that hears the feed. A registry of before covers says none, and nothing is uncovered.

    Args:
        identity: whose word counts, and for which kiosk.
        key: of this run alone.

    """

    def __init__(self, identity: Identity, key: X25519PrivateKey) -> None:
        self._identity = identity
        self._key = key
        self._cover: Cover | None = None

    @property
    def id(self) -> str:
        """Which is held; empty: none yet."""
        return "" if self._cover is None else self._cover.id

    @property
    def stated(self) -> dict[str, str]:
        """What a request says of it."""
        return {"cover": self.id, "cover_key": public_text(self._key)}

    def page(self, page: ChangesPage) -> ChangesPage:
        """A page with the card keys as this kiosk knows them.

        Raises:
            RegistryAnswerError: the cover that it tells is not the registry's, or it lies under one that was not told.

        """
        self._take(page.new_cover)
        if isinstance(page.cover, UnsetType):
            return page
        return replace(page, changes=turned(page.changes, self._named(page.cover).uncovered))

    def check(self, check: RangeCheck) -> RangeCheck:
        """A check as it travels."""
        cover = self._cover
        if cover is None:
            return replace(check, cover="")
        return replace(check, cover=cover.id, ranges=tuple(turned_range(one, cover.covered) for one in check.ranges))

    def answer(self, answer: RangeAnswer) -> RangeAnswer:
        """An answer to such a check with the card keys as this kiosk knows them.

        Raises:
            RegistryAnswerError: it does not lie under the cover that is held: a registry of before covers has compared other ranges.

        """
        cover = self._named(answer.cover)
        differing = tuple(replace(one, rows=turned(one.rows, cover.uncovered)) for one in answer.differing)
        return replace(answer, differing=differing)

    def told_with(self, signed: SignedManifest) -> SignedManifest:
        """Take the cover that came with a manifest.

        Raises:
            RegistryAnswerError: it is not the registry's.

        """
        self._take(signed.new_cover)
        return signed

    def uncovered(self, packed: BinaryIO, manifest: SnapshotManifest) -> BinaryIO:
        """The bytes of a snapshot as they were packed.

        Raises:
            RegistryAnswerError: it lies under another cover than the one held.

        """
        if isinstance(manifest.salt, UnsetType):
            return packed
        return BufferedReader(_Uncovered(packed, self._named(manifest.cover).stream(manifest.salt)), _CHUNK_BYTES)

    def _take(self, told: SignedCover | UnsetType) -> None:
        if isinstance(told, UnsetType):
            return
        try:
            cover, version = opened(told, self._key, kiosk=self._identity.kiosk, registry_key=self._identity.registry_key)
        except UntrustedCoverError as error:
            message = f"new_cover.{error}"
            raise RegistryAnswerError(message) from None
        self._cover = cover
        log.info("cover_taken", version=version)

    def _named(self, cover: CoverId | UnsetType) -> Cover:
        if self._cover is None or self._cover.id != cover:
            message = "cover: another one than this kiosk holds"
            raise RegistryAnswerError(message)
        return self._cover


class _Uncovered(RawIOBase):
    def __init__(self, packed: BinaryIO, stream: CipherContext) -> None:
        self._packed = packed
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        wanted = memoryview(buffer)
        found = self._stream.update(self._packed.read(wanted.nbytes))
        wanted[: len(found)] = found
        return len(found)
