"""The desk for mobile cards: a member signs in on a device, the device has codes, and somebody signs it out (Q7-b, Q8-a, R14).

A mobile card is a view of the account. It asks for no card: a pupil who handed the student ID in, or waits for one, has it all
the same, and neither a loss nor a replacement of a card ends it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from circulation.cards import CardUid, CardUidError
from circulation.ids import PatronId
from circulation.mobile_codes import MobileCode, message_of, window_at
from circulation.wire import PinVerdict
from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.desk import store_search
from registry.desk.pins import PinDesk
from registry.desk.questions import ByNationalId, ByNumber, Question
from registry.desk.refusals import DeskRefusedError
from registry.mobile import store_devices, store_keys
from registry.mobile.keys import MobileKeys, SigningKey
from registry.mobile.messages import Codes, ShownCode, SignedIn, SignIn
from registry.mobile.refusals import MobileRefusal
from registry.mobile.store_devices import Device, ListedDevice
from registry.outside import Outside
from registry.plain_text import plain

TOKEN_BYTES = 32
_WINDOWS = 2
"""This window and the next: a code is never handed out for more than the next minute."""
_SEEN_EVERY = timedelta(hours=1)
"""A device asks twice a minute; when it was seen last is kept this exactly."""


@dataclass(frozen=True, slots=True)
class DeviceRules:
    """How many devices a patron has at most, and when one that was not seen is signed out."""

    most: int
    idle: timedelta


class MobileDesk:
    """What members, apps and staff do with mobile cards. ``app`` is the partner that signed the request."""

    def __init__(self, database: Database, outside: Outside, rules: DeviceRules, *, keys: MobileKeys, pins: PinDesk) -> None:
        self.keys = keys
        self._database = database
        self._outside = outside
        self._rules = rules
        self._pins = pins

    def sign_in(self, app: UUID, asked: SignIn, *, by: str) -> SignedIn:
        """Sign a member in on one more device; of too many the one that was not seen for longest is signed out.

        The work and the answer are the same for a number that is nobody's and for a PIN that is wrong, locked or not there.

        Raises:
            DeskRefusedError: ``SIGN_IN``.

        """
        with self._database.reading() as connection:
            found = next(iter(store_search.find(connection, read_account(asked.account), limit=1)), None)
        verdict = self._pins.check(self._outside.new_id() if found is None else found.id, asked.pin, by=by).verdict
        now = self._outside.now()
        if found is None or verdict is not PinVerdict.RIGHT:
            refused = AuditEntry(now, by, "mobile sign-in", "refused", {} if found is None else {"patron": str(found.id)})
            self._database.write(lambda work: append(work.connection, refused))
            raise DeskRefusedError(MobileRefusal.SIGN_IN)
        token = self._outside.random_bytes(TOKEN_BYTES)
        device = Device(self._outside.new_id(), found.id, app, plain(asked.device.strip()), now, now)
        self._database.write(lambda work: self._sign_in(work, device, token, by))
        return SignedIn(token=token, masked_name=found.masked_name)

    def member(self, app: UUID, token: bytes) -> PatronId:
        """Whose device this is. That it was seen is noted.

        Raises:
            DeskRefusedError: ``SIGNED_OUT``.

        """
        now = self._outside.now()
        with self._database.reading() as connection:
            device = self._device(store_devices.by_token(connection, _digest(token), app, seen_since=now - self._rules.idle))
        if now - device.last_seen_at >= _SEEN_EVERY:
            self._database.write(lambda work: store_devices.seen(work, device.id, at=now))
        return device.patron

    def codes(self, app: UUID, token: bytes) -> Codes:
        """The codes of this window and the next for the member of a device.

        Raises:
            DeskRefusedError: ``SIGNED_OUT``.
            KeyFileError: the key that signs codes is not there.

        """
        member = self.member(app, token)
        with self._database.reading() as connection:
            living = store_keys.living(connection)
        key = self.keys.signing(living)
        now = self._outside.now()
        first = window_at(now)
        return Codes(server_time=now, codes=tuple(_shown(key, window, member) for window in range(first, first + _WINDOWS)))

    def sign_out(self, app: UUID, token: bytes, *, by: str) -> int:
        """Sign this device out; how many that were (a token that is nobody's any more is no fault)."""
        return self._sign_out(app, token, by, everywhere=False)

    def sign_out_everywhere(self, app: UUID, token: bytes, *, by: str) -> int:
        """Sign out every device of the member of this one, in every app (R14); how many that were.

        Raises:
            DeskRefusedError: ``SIGNED_OUT``.

        """
        return self._sign_out(app, token, by, everywhere=True)

    def devices(self, patron: PatronId, *, by: str) -> list[ListedDevice]:
        """A patron's devices for staff, those that were signed out too."""
        found: list[ListedDevice] = []

        def look(work: UnitOfWork) -> None:
            found[:] = store_devices.listed(work.connection, patron)
            append(work.connection, AuditEntry(self._outside.now(), by, "mobile devices read", "done", {"patron": str(patron)}))

        self._database.write(look)
        return found

    def sign_out_all(self, patron: PatronId, *, by: str) -> int:
        """Sign out every device of a patron for staff; how many that were."""
        return self._database.write(lambda work: self._end_all(work, patron, self._outside.now(), by))

    def _sign_in(self, work: UnitOfWork, device: Device, token: bytes, by: str) -> None:
        others = store_devices.signed_in(work.connection, device.patron)
        store_devices.sign_out(work, [one.id for one in others[self._rules.most - 1 :]], at=device.signed_in_at)
        store_devices.add(work, device, _digest(token))
        detail = {"patron": str(device.patron), "device": str(device.id)}
        append(work.connection, AuditEntry(device.signed_in_at, by, "mobile sign-in", "done", detail))

    def _sign_out(self, app: UUID, token: bytes, by: str, *, everywhere: bool) -> int:
        now = self._outside.now()

        def sign_out(work: UnitOfWork) -> int:
            found = store_devices.by_token(work.connection, _digest(token), app, seen_since=now - self._rules.idle)
            if everywhere:
                return self._end_all(work, self._device(found).patron, now, by)
            if found is None:
                return 0
            append(work.connection, AuditEntry(now, by, "mobile sign-out", "done", {"patron": str(found.patron), "device": str(found.id)}))
            return store_devices.sign_out(work, [found.id], at=now)

        return self._database.write(sign_out)

    def _end_all(self, work: UnitOfWork, patron: PatronId, now: datetime, by: str) -> int:
        count = store_devices.sign_out_patrons(work, [patron], at=now)
        append(work.connection, AuditEntry(now, by, "mobile sign-out everywhere", "done", {"patron": str(patron), "count": count}))
        return count

    def _device(self, found: Device | None) -> Device:
        if found is None:
            raise DeskRefusedError(MobileRefusal.SIGNED_OUT)
        return found


def read_account(written: str) -> Question:
    """A card's number or a national ID; no number is both, a card's has 8, 14, 16 or 20 digits."""
    try:
        return ByNumber(CardUid.from_hex(written))
    except CardUidError:
        return ByNationalId.written(written)


def _shown(key: SigningKey, window: int, patron: PatronId) -> ShownCode:
    code = MobileCode(key.number, window, patron, key.private.sign(message_of(key.number, window, patron)))
    return ShownCode(code=code.text, valid_from=code.begins_at, valid_until=code.ends_at)


def _digest(token: bytes) -> bytes:
    """A token is 256 random bits: it needs no slow hash."""
    return hashlib.sha256(b"youyue mobile token v1\0" + token).digest()
