"""Waiting for request bodies, but not for ever: a sender that stops in the middle must not hold the registry, nor its stop."""

import asyncio
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from litestar import Request
from litestar.exceptions import InternalServerException

from registry.problems import refusal


class BodyReader:
    """Reads bodies with the same patience for everybody."""

    def __init__(self, patience: timedelta) -> None:
        self._patience = patience.total_seconds()
        self._waiting: set[asyncio.Timeout] = set()
        self._closed = False

    async def read(self, request: Request[Any, Any, Any]) -> bytes:
        """The whole body.

        Raises:
            RefusedError: 408, it did not come in time; 503, the service stops; 400, the sender went away.
            ClientException: 413, it is too large for the route.

        """
        try:
            async with asyncio.timeout(0 if self._closed else self._patience) as limit:
                self._waiting.add(limit)
                try:
                    return await request.body()
                finally:
                    self._waiting.discard(limit)
        except TimeoutError:
            if self._closed:
                raise refusal(HTTPStatus.SERVICE_UNAVAILABLE, "stopping", "the registry is stopping: send it again") from None
            raise refusal(HTTPStatus.REQUEST_TIMEOUT, "too_slow", "the body did not come in time") from None
        except InternalServerException:
            # What the framework makes of a connection that ends in the middle: nobody hears the answer, and it is no failure of ours.
            raise refusal(HTTPStatus.BAD_REQUEST, "malformed", "the body ended too soon") from None

    def close(self) -> None:
        """Wait for no body any longer. From the loop's own thread."""
        self._closed = True
        if self._waiting:
            now = asyncio.get_running_loop().time()
            for limit in self._waiting:
                limit.reschedule(now)
