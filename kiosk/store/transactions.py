"""One write transaction on a connection that is otherwise kept for reading."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection


@contextmanager
def writing(connection: Connection) -> Iterator[None]:
    """Take the write lock; what is not committed inside is rolled back. The engine begins nothing by itself (``begins=False``)."""
    connection.rollback()  # SQLAlchemy's own idea of a transaction, begun by a read
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.rollback()
