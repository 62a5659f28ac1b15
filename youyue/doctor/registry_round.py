"""The doctor's round through a registry."""

from collections.abc import Iterator
from datetime import datetime

from youyue.doctor import judge_machine, judge_network
from youyue.doctor.findings import Check, Finding, failed
from youyue.doctor.probe_machine import see_disk, see_folder, see_key_files, see_program, see_synchronised
from youyue.doctor.rounds import Practice, RegistryPlace, examine

EXTRA = "registry"


class RegistryRound:
    """Looks at program, folder, database, keys, service."""

    def __init__(self, place: RegistryPlace, practice: Practice) -> None:
        self._place = place
        self._practice = practice
        self._written_at: datetime | None = None

    def findings(self) -> Iterator[Finding]:
        """Everything that can be said, in the order of the report."""
        place, patience = self._place, self._practice.patience
        yield from examine(Check.PROGRAM, lambda: judge_machine.judge_program(see_program(EXTRA)))
        yield from examine(Check.FOLDER, lambda: judge_machine.judge_folder(see_folder(place.folder)))
        yield from examine(Check.DATABASE, self._database)
        yield from examine(Check.SERVICE, self._service)
        yield from examine(Check.CLOCK, self._clock)
        yield from examine(Check.DISK, lambda: judge_machine.judge_disk(see_disk(place.folder), patience))

    def _database(self) -> Iterator[Finding]:
        from youyue.doctor import judge_number_forms, judge_registry, probe_registry  # noqa: PLC0415 - what is missing for it hides no other check

        place, patience, now = self._place, self._practice.patience, self._practice.clock.now()
        found = probe_registry.see_database(place.folder, place.database)
        yield from judge_registry.judge_database(found, patience, wal_bytes=probe_registry.see_wal(place.folder, place.database))
        holds = None if isinstance(found, judge_registry.DatabaseFault) else found.holds
        keys = see_key_files(place.folder / "keys", probe_registry.NEEDED_KEYS)
        matches = probe_registry.see_signing_key(place.folder, None if holds is None else holds.manifest)
        yield from judge_machine.judge_keys(keys, matches=matches)
        if holds is not None:
            self._written_at = max((at for at in (holds.changed_at, holds.audited_at) if at is not None), default=None)
            yield from judge_registry.judge_kiosks(holds.kiosks, patience, now=now)
            yield from judge_registry.judge_restored(holds, patience, now=now)
            yield from judge_registry.judge_flagged(holds, patience, now=now)
            yield from judge_number_forms.judge_number_forms(holds.number_forms)
            today = now.astimezone(place.zone).date()
            yield from judge_registry.judge_requests(holds.requests_due, today=today)
            unsigned = probe_registry.see_signatures(place.folder, holds.offline)
            yield from judge_registry.judge_offline(holds.offline, unsigned, today=today)

    def _clock(self) -> Iterator[Finding]:
        yield from judge_machine.judge_own_clock(self._practice.clock.now(), see_synchronised(), self._written_at, self._practice.patience)

    def _service(self) -> Iterator[Finding]:
        from youyue.doctor.probe_network import see_network  # noqa: PLC0415 - what is missing for it hides no other check

        # Whom kiosks trust is theirs to see to: here the service itself is asked, whatever name its certificate has.
        network = see_network(self._place.url, None, now=self._practice.clock.now, trusting=True)
        yield from judge_network.judge_network(network, check=Check.SERVICE, since=None)
        ends = network.expires_at
        if self._place.certificate:
            from youyue.doctor.probe_registry import see_certificate  # noqa: PLC0415 - the same

            try:
                ends = see_certificate(self._place.certificate)
            except (OSError, ValueError) as error:
                problem = error.strerror if isinstance(error, OSError) else "no PEM certificate"
                yield failed(Check.CERTIFICATE, "certificate_unreadable", path=self._place.certificate, detail=problem)
                return
        yield from judge_network.judge_certificate(ends, self._practice.patience, now=self._practice.clock.now())
