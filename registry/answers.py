"""Answers as they travel."""

from typing import Any

from litestar import Response
from litestar.openapi.datastructures import ResponseSpec
from msgspec import Struct

from circulation.wire import Problem, encode
from registry.problems import RefusedError


def answer(envelope: Struct, status: int = 200, headers: dict[str, str] | None = None) -> Response[bytes]:
    """An envelope as JSON; never kept by anybody on the way."""
    return Response(
        encode(envelope), status_code=int(status), media_type="application/json", headers={"Cache-Control": "no-store", **(headers or {})}
    )


def refused(error: RefusedError) -> Response[bytes]:
    """A refusal as JSON."""
    retry = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    return answer(error.envelope, error.status, retry)


def described(envelopes: dict[int, tuple[type[Struct], str]], *, refusals: dict[int, str] | None = None) -> dict[int, ResponseSpec]:
    """Answers for OpenAPI: a status, its envelope and what it means."""
    specs: dict[int, tuple[type[Any], str]] = {**envelopes, **{status: (Problem, text) for status, text in (refusals or {}).items()}}
    return {status: ResponseSpec(kind, description=text, generate_examples=False) for status, (kind, text) in specs.items()}
