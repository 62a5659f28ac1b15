"""What the rooms that no counter writes to hold of somebody: one row in each."""

from sqlalchemy import insert
from uuid_utils.compat import uuid7

from circulation.ids import PatronId
from registry.cards.tables import found_card
from registry.holds.tables import no_show, served_hold
from registry.merges.tables import national_id_alias
from registry.mobile.tables import mobile_device
from registry.notices.tables import notice
from registry.partners.tables import partner
from registry.rosters.tables import bureau_card, consent, feed_word, pupil, roster_batch
from registry.schools.tables import contact_completion
from tests.integration.registry.city import START, City

ALIAS, TITLE, DEVICE, STUDENT_NUMBER = "Z299999998", "金絲雀的書", "金絲雀的手機", "金絲雀學號"
"""Words that stand nowhere else."""
HOW = {"school_year": 114, "loaded_at": START, "actor": "test", "counts": {}}


def known_elsewhere(city: City, patron: PatronId) -> None:
    batch, app, day = uuid7(), uuid7(), START.date()
    with city.registry.database.unit_of_work() as work:
        work.connection.execute(insert(roster_batch), {"id": batch, "kind": "bureau-students", "sha256": bytes(32), **HOW})
        work.add(partner, [(app, "借書 App", "app", bytes(32), START, "test", None)])
        work.add(consent, [(patron, 114, batch)])
        work.add(pupil, [(patron, "313301", None, STUDENT_NUMBER, None)])
        work.add(bureau_card, [(bytes(16), patron, day, day)])
        work.add(feed_word, [(patron, day, 114, "")])
        work.add(contact_completion, [(patron, START, "school", START, batch)])
        work.add(found_card, [(uuid7(), bytes(16), patron, "C01", START, START, 1, START, "test", "handed_back")])
        work.add(served_hold, [(uuid7(), patron, TITLE, None, "C01", "1", "ready", START, None, "C01", START, None, uuid7())])
        work.add(no_show, [(uuid7(), patron, day, 1)])
        work.add(notice, [(uuid7(), patron, "hold_ready", uuid7(), "C01", START, None, None, None)])
        work.add(mobile_device, [(uuid7(), patron, app, DEVICE, bytes(32), START, START, None)])
        work.add(national_id_alias, [(ALIAS, patron, None)])
        work.commit()
