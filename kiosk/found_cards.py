"""Lost cards that somebody lays on the reader: the branch is told, whoever has the card learns nothing (R5, Q6-4)."""

from circulation.facts import LostCardShown
from kiosk.offline import takes_returns
from kiosk.recorder import Recorder
from kiosk.settings import KioskSettings
from kiosk.terms import Terms


class FoundCards:
    """What was shown here, and when (monotonic seconds). In memory: after a restart a find is told once more, which harms nothing."""

    def __init__(self, recorder: Recorder, settings: KioskSettings) -> None:
        self._recorder = recorder
        self._settings = settings
        self._told_at: dict[bytes, float] = {}

    def shown(self, key: bytes, terms: Terms, *, correlation: str) -> bool:
        """Write down that this lost card is here; not again within the settings' time, nor when only returns may still be written.

        Raises:
            LedgerUnwritableError: nothing happened.

        """
        now = self._recorder.clock.monotonic()
        again_from = now - self._settings.found_again
        self._told_at = {one: at for one, at in self._told_at.items() if at > again_from}
        if key in self._told_at or not takes_returns(terms.standing, terms.limits):
            return False
        with self._recorder.ledger.unit_of_work() as work:
            seq = work.next_seq()
            work.append(self._recorder.envelope(LostCardShown(key), seq=seq, at=self._recorder.now(), correlation=correlation))
            work.commit()
        self._told_at[key] = now
        return True
