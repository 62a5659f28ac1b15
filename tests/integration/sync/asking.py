"""A client that asks a server of a test: what the server answers, and the poll that hears it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec

from sync.client import RegistryClient
from tests.integration.sync.loopback import Exchange, Loopback
from tests.unit.sync.values import FEED


@contextmanager
def a_client_of(handler: Callable[[Exchange], None]) -> Iterator[tuple[RegistryClient, Loopback]]:
    with Loopback(handler) as server:
        client = RegistryClient(server.url)
        yield client, server
        client.close()


def answering(body: msgspec.Struct | bytes, status: int = 200, **headers: str) -> Callable[[Exchange], None]:
    return lambda exchange: exchange.answer(body, status=status, headers={name.replace("_", "-"): value for name, value in headers.items()})


def poll(client: RegistryClient) -> object:
    return client.changes(FEED, 7, wait=0)
