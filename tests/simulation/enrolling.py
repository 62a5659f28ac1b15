"""How a machine of a world comes to be a kiosk: through the real client and the real route."""

from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from circulation.wire import EnrolmentRequest
from sync.client import RegistryClient
from sync.identity import Identity
from tests.simulation.line import FaultyLine, Net

ADDRESS = "https://registry.sim"


def enrolled_identity(branch: str, name: str, net: Net, chance: Random) -> Identity:
    """Enrol with a code, over a line on which nothing goes wrong."""
    device = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
    code = net.house.registry.issue_code(branch).code
    client = RegistryClient(ADDRESS)
    line = FaultyLine(net)
    plug_in(client, line)
    before, net.chances = net.chances, type(net.chances)()
    was_down, net.down = net.down, False
    try:
        answer = client.enrol(EnrolmentRequest(code=code, public_key=device.public_key().public_bytes_raw(), name=name))
    finally:
        net.chances, net.down = before, was_down
        client.close()
    return Identity(
        kiosk=answer.kiosk,
        branch=answer.branch,
        branch_name=answer.branch_name,
        registry=ADDRESS,
        time_zone=answer.time_zone,
        card_key=answer.card_key,
        card_key_version=answer.card_key_version,
        registry_key=answer.registry_key,
        device_key=device.private_bytes_raw(),
        database_key=chance.randbytes(32),
    )


def plug_in(client: RegistryClient, line: FaultyLine) -> None:
    """Let a client's requests go over a faulty line in place of a socket."""
    client._session.mount("https://", line)
