"""The cards on the demo's tray: one for every way a tap can end, and what lies on the reader for each."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from circulation.cards import CardUid
from drivers.vpcd import Responder, VirtualCard
from registry.enrolment.names import NameStyle, masked
from ui.viewmodels.card_tray import TrayCard
from youyue.demo.stage import IPASS, Stage

_LIES_THERE_S = 1.2
_UNKNOWN = CardUid.from_hex("0499AA01")
_BROKEN = CardUid.from_hex("0499AA02")
_SHORT, _LONG = 4, 7
_NO_INFORMATION = bytes.fromhex("6300")
"""What a reader says of a card that does not answer it."""


@dataclass(frozen=True, slots=True)
class Laid:
    """One card on the reader. Without a ``uid`` it has another one each time, as phones do; ``answers`` are those of a card that misbehaves."""

    uid: CardUid | None
    answers: Responder | None = None

    def on(self, port: int) -> VirtualCard:
        """The card, to be laid on the virtual reader at a port."""
        return VirtualCard(self.uid or CardUid(b"\x08" + secrets.token_bytes(3)), port=port, responder=self.answers)


@dataclass(frozen=True, slots=True)
class TrayTap:
    """A card of the tray and what a click on it lays down, one after the other."""

    card: TrayCard
    laid: tuple[Laid, ...]

    def play(self, port: int) -> None:
        """Lay everything down and take it away again; takes a second or two.

        Raises:
            DeviceError: there is no virtual reader.

        """
        for one in self.laid:
            with one.on(port) as card:
                card.wait_until_read(_LIES_THERE_S)


def tray_taps(stage: Stage, say: Callable[[str], str]) -> list[TrayTap]:
    """All of them, the ordinary ones first."""
    pupils = stage.city.pupils
    hero = stage.pupil()
    good = [pupil for pupil in pupils if pupil.contact_complete and not pupil.card_lost]
    other = next(pupil for pupil in good if pupil is not hero)
    shown = [
        (hero, "pupil"),
        (next(pupil for pupil in good if len(pupil.uid.octets) == _LONG), "long"),
        (next(pupil for pupil in pupils if not pupil.contact_complete), "contact"),
        (next(pupil for pupil in pupils if pupil.card_lost), "lost"),
    ]
    taps = [
        TrayTap(TrayCard(key, masked(pupil.full_name, NameStyle.SURNAME), say(f"tray.card.{key}")), (Laid(pupil.uid),))
        for pupil, key in shown
    ]
    taps.insert(2, TrayTap(TrayCard("ipass", masked(hero.full_name, NameStyle.SURNAME), say("tray.card.ipass")), (Laid(IPASS),)))
    odd = {
        "unknown": ("stranger", (Laid(_UNKNOWN),)),
        "phone": ("device", (Laid(None),)),
        "broken": ("damaged", (Laid(_BROKEN, lambda _: _NO_INFORMATION),)),
        "two": ("wallet", (Laid(hero.uid), Laid(other.uid))),
    }
    taps += [TrayTap(TrayCard(key, say(f"tray.card.{name}"), say(f"tray.card.{key}")), laid) for key, (name, laid) in odd.items()]
    return taps
