"""An app and its members' phones, for the tests of mobile cards."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import msgspec
import requests

from circulation.ids import PatronId
from circulation.mobile_codes import MobileCode, read_mobile_code
from circulation.wire import encode
from registry.mobile.messages import Codes, CodesWanted, SignedIn, SignedOut, SignIn, SignOut
from tests.integration.registry.city import City, problem_of
from tests.integration.registry.machine import Machine

PIN, WRONG = "729401", "729402"
MINGS_ID, HUAS_ID, NOBODYS_ID = "A123456789", "F131234569", "Z199999990"


def give_pin(city: City, patron: UUID, pin: str = PIN) -> None:
    pins = city.registry.desk.pins
    pins.set_by_code(pins.issue_code(PatronId(patron), by="staff:lin").code, pin, by="staff:lin")


def asked_in(account: str = MINGS_ID, pin: str = PIN, *, device: str = "小明的手機", request: UUID | None = None) -> bytes:
    return encode(SignIn(request=request or uuid4(), account=account, pin=pin, device=device))


@dataclass
class Phone:
    """A phone on which somebody is signed in."""

    app: Machine
    token: bytes

    def ask(self) -> requests.Response:
        return self.app.request("POST", "/v1/mobile/codes", encode(CodesWanted(token=self.token)))

    def codes(self) -> Codes:
        answer = self.ask()
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=Codes)

    def code(self) -> str:
        """What it shows now."""
        return self.codes().codes[0].code

    def refused(self) -> str:
        answer = self.ask()
        assert answer.status_code == 403, answer.text
        return problem_of(answer).code

    def sign_out(self, *, everywhere: bool = False, request: UUID | None = None) -> requests.Response:
        path = "/v1/mobile/sign-out-everywhere" if everywhere else "/v1/mobile/sign-out"
        return self.app.request("POST", path, encode(SignOut(token=self.token, request=request or uuid4())))


def sign_in(app: Machine, account: str = MINGS_ID, pin: str = PIN, *, device: str = "小明的手機") -> Phone:
    answer = app.request("POST", "/v1/mobile/sign-ins", asked_in(account, pin, device=device))
    assert answer.status_code == 201, answer.text
    return Phone(app, msgspec.json.decode(answer.content, type=SignedIn).token)


def signed_out(answer: requests.Response) -> int:
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=SignedOut).devices


def read(code: str) -> MobileCode:
    found = read_mobile_code(code)
    assert found is not None
    return found
