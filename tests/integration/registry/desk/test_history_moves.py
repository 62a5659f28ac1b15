"""Numbers that were replaced before there was a history of cards move into it, and back."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from registry.columns import Instant, Key, document
from registry.database import Database
from tests.integration.registry.homes import Homes

BATCH, MING, HUA = (UUID(int=n) for n in (1, 2, 3))
OLD = b"o" * 16
LOADED = datetime(2025, 9, 20, tzinfo=UTC)

_OLD = sa.MetaData()
patron = sa.Table(
    "patron",
    _OLD,
    *(sa.Column("id", Key), sa.Column("name", sa.String), sa.Column("masked_name", sa.String), sa.Column("patron_class", sa.String)),
    sa.Column("contact_complete", sa.Boolean),
)
batch = sa.Table(
    "roster_batch",
    _OLD,
    *(sa.Column("id", Key), sa.Column("kind", sa.String), sa.Column("sha256", sa.LargeBinary), sa.Column("school_year", sa.Integer)),
    *(sa.Column("loaded_at", Instant), sa.Column("actor", sa.String), sa.Column("counts", document())),
)
replaced_number = sa.Table(
    "replaced_number", _OLD, sa.Column("card_key", sa.LargeBinary), sa.Column("patron", Key), sa.Column("batch", Key)
)
card = sa.Table(
    "card",
    _OLD,
    *(sa.Column("id", Key), sa.Column("patron", Key), sa.Column("kind", sa.String), sa.Column("uid", sa.String)),
    *(sa.Column("card_key", sa.LargeBinary), sa.Column("state", sa.String)),
)


@pytest.fixture
def database(homes: Homes, tmp_path: Path) -> Iterator[Database]:
    """As the second revision left it, with two patrons and a replaced number."""
    home = homes.empty(tmp_path / "registry")
    with closing(home.database()) as made:
        made.migrate()
        made.downgrade("0002")
        with made.unit_of_work() as work:
            run = work.connection.execute
            people = [(MING, " Ａnna  Li"), (HUA, "歐陽小華")]
            run(
                sa.insert(patron),
                [
                    {"id": key, "name": name, "masked_name": "○", "patron_class": "personal", "contact_complete": True}
                    for key, name in people
                ],
            )
            said = {"kind": "bureau-students", "sha256": b"x" * 32, "school_year": 114, "actor": "old", "counts": {}}
            run(sa.insert(batch), [{"id": BATCH, "loaded_at": LOADED, **said}])
            run(sa.insert(replaced_number), [{"card_key": OLD, "patron": MING, "batch": BATCH}])
            bound = {"kind": "easycard", "uid": "04000001", "card_key": b"n" * 16, "state": "active"}
            run(sa.insert(card), [{"id": MING, "patron": MING, **bound}])
            work.commit()
        yield made
    homes.remove(home)


def test_the_history_and_the_cards_survive_the_way_up_and_down(database: Database) -> None:
    database.migrate()
    database.check()
    with database.reading() as connection:
        columns = sa.text("SELECT card_key, patron, kind, actor, batch FROM former_card").columns(patron=Key, batch=Key)
        (moved,) = connection.execute(columns).all()
        assert (bytes(moved[0]), *moved[1:]) == (OLD, MING, "easycard", "old", BATCH)
        ended = connection.execute(sa.text("SELECT ended_at FROM former_card").columns(ended_at=Instant)).scalar_one()
        assert ended == LOADED
        assert connection.execute(sa.text("SELECT uid, source, bound_at FROM card")).all() == [("04000001", "library", None)]
    database.downgrade("0002")
    with database.reading() as connection:
        (back,) = connection.execute(sa.select(replaced_number)).all()
        assert (bytes(back[0]), *back[1:]) == (OLD, MING, BATCH)
        assert connection.execute(sa.select(card.c.uid)).scalars().all() == ["04000001"]


def test_r16_names_of_before_can_be_searched_by_their_folded_form(database: Database) -> None:
    database.migrate()
    with database.reading() as connection:
        found = connection.execute(sa.text("SELECT name, folded_name FROM patron ORDER BY id")).all()
    assert [tuple(row) for row in found] == [(" Ａnna  Li", "annali"), ("歐陽小華", "歐陽小華")]
