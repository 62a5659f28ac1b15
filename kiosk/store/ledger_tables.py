"""The tables of the ledger. They change only by a migration, because a ledger is never thrown away."""

from sqlalchemy import JSON, Boolean, Column, Date, Index, Integer, LargeBinary, MetaData, String, Table, text

from replica.tables import UtcInstant, UuidBytes

metadata = MetaData()

outbox = Table(
    "outbox",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("key", UuidBytes, nullable=False, unique=True),
    Column("at", UtcInstant, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("status", String),
    Column("position", Integer),
    Column("reasons", JSON),
    Column("place", String),
    Column("problem", String),
    Column("answered_at", UtcInstant),
    Column("chain", LargeBinary(32)),
    Index("outbox_unanswered", "status", sqlite_where=text("status IS NULL")),
)
"""The facts of this kiosk, numbered densely; ``body`` is what travels, to the byte. With a status it has been answered; with a
status and no position it was answered in another feed, and is to be sent again.

Numbers begin at 1; those up to ``device.pruned_seq`` were answered long ago and have been pruned. ``chain`` is the value of the
epoch's chain (``circulation.chain``) after the fact."""

local_loan = Table(
    "local_loan",
    metadata,
    Column("id", UuidBytes, primary_key=True),
    Column("patron", UuidBytes, nullable=False),
    Column("item", UuidBytes, nullable=False),
    Column("title", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("due", Date, nullable=False),
    Column("lent_at", UtcInstant, nullable=False),
    Column("period", UtcInstant),
    Column("put_back", Boolean(create_constraint=False), nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("position", Integer),
    Column("renewals", Integer, nullable=False, server_default="0"),
    Column("barcode", String, nullable=False, server_default=""),
    Column("branch", String, nullable=False, server_default=""),
    Column("wanted", Boolean(create_constraint=False), nullable=False, server_default=text("0")),
    Column("lent_here", Boolean(create_constraint=False), nullable=False, server_default=text("1")),
    Column("returned", Boolean(create_constraint=False), nullable=False, server_default=text("0")),
    Column("renewed_in", UtcInstant),
    Index("local_loan_of_patron", "patron"),
    Index("local_loan_of_item", "item"),
)
"""The overlay. ``last_seq`` is the last fact about the loan, ``position`` where in the feed its effect stands (once answered);
``period`` is when the feed had last been verified when it was lent, ``renewed_in`` the same when it was renewed: those with the
same one belong to one offline period. What ``kiosk.overlay.LocalLoan`` says of the others."""

local_loss = Table(
    "local_loss",
    metadata,
    Column("card", LargeBinary(16), primary_key=True),
    Column("patron", UuidBytes, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("position", Integer),
    Column("changed", Integer),
)
"""Cards reported lost here, by their keys: refused until the feed has brought the registry's word, and cleared by nothing else (I3).
``changed`` is the number of the last change of that card which the feed has brought since."""

local_item = Table(
    "local_item",
    metadata,
    Column("item", UuidBytes, primary_key=True),
    Column("status", String, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("position", Integer),
)
"""Items whose status is another one by what happened here, until the cursor has passed that news."""

device = Table(
    "device",
    metadata,
    Column("only", Integer, primary_key=True),
    Column("epoch", UuidBytes, nullable=False),
    Column("made_at", UtcInstant, nullable=False),
    Column("heard_at", UtcInstant),
    Column("snapshot_version", Integer, nullable=False),
    Column("problem", String, nullable=False),
    Column("problem_at", UtcInstant),
    Column("pruned_seq", Integer, nullable=False, server_default="0"),
    Column("feed", UuidBytes),
    Column("epoch_base", Integer, nullable=False, server_default="0"),
    Column("pruned_chain", LargeBinary(32)),
    Column("restored_at", UtcInstant),
    Column("moved", Integer, nullable=False, server_default="0"),
    Column("terms_problem", String, nullable=False, server_default=""),
    Column("terms_problem_at", UtcInstant),
    Column("clock_doubted", Integer),
    Column("clock_doubted_at", UtcInstant),
    Column("feed_age", Integer),
    Column("feed_age_of", UtcInstant),
)
"""One row: this ledger's life, when the registry was last heard, the last snapshot taken, what a person must look at, the last
number that was pruned from the outbox and the chain's value after it, the feed whose positions the overlay holds; what was wrong with the
offline terms told last; seconds for which the clock has been in doubt, and since when; the greatest age (seconds) seen of the feed
verified at ``feed_age_of``.

What travels as number n of the epoch is number ``epoch_base`` + n here: numbers go on when an epoch begins within a ledger, because it
was restored from an old image (noticed at ``restored_at``; ``moved`` facts went over into the new epoch)."""

ended_epoch = Table(
    "ended_epoch",
    metadata,
    Column("base", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
    Column("epoch", UuidBytes, nullable=False),
)
"""The epochs before the present one, as long as facts of theirs are held: numbers ``base`` + 1 to ``last`` travel under this name."""

offline_terms = Table(
    "offline_terms",
    metadata,
    Column("place", Integer, primary_key=True),
    Column("statement", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("received_at", UtcInstant, nullable=False),
    Column("begun", Boolean(create_constraint=False), nullable=False),
)
"""The offline terms in force and to come, in the order of their versions, as the registry signed them: checked again at every start."""
