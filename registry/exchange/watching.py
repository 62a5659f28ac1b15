"""The head of a database's feed, which notices by itself when the database has less than it had."""

from registry.database import Database
from registry.exchange.head import FeedHead
from registry.exchange.restored import RestoredRegistry
from registry.exchange.store_feed import Marks, marks_after
from registry.exchange.witnesses import Witness
from registry.settings import RegistrySettings


def watched(database: Database, restored: RestoredRegistry, settings: RegistrySettings) -> FeedHead:
    """The head, as a service watches it. What this process has seen itself is a witness, too."""

    def read(known: Marks) -> Marks:
        with database.reading() as connection:
            return marks_after(connection, known)

    def went_back(known: Marks) -> None:
        if known.feed is not None and known.run is not None:
            restored.believe(Witness(known.feed, known.run, known.head))

    return FeedHead(read, gather=settings.gather, look=settings.look, went_back=went_back)
