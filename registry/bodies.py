"""Reading request bodies strictly, and describing them for OpenAPI: the framework's own decoding would take ``"1"`` for 1."""

from http import HTTPStatus
from typing import TypeVar

import msgspec
from msgspec import Struct

from registry.exchange.arrivals import split_place
from registry.plain_text import plain
from registry.problems import refusal

Body = TypeVar("Body", bound=Struct)


def read_body(body: bytes, kind: type[Body]) -> Body:
    """Decode a body.

    Raises:
        RefusedError: 400 with the place.

    """
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        problem, place = split_place(str(error))
        raise refusal(HTTPStatus.BAD_REQUEST, "malformed", plain(problem), place=plain(place.removeprefix("."))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise refusal(HTTPStatus.BAD_REQUEST, "malformed", plain(f"not JSON: {error}")) from None
