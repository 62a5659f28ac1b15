"""Reading a batch so that one fact's bytes can't take the others along. Pure.

A decoder stops at the first byte that is no JSON, wherever it stands, and a kiosk sends the same bytes until they are
answered: one such fact would jam its upload for good. So a batch that can't be decoded in one go is cut up by
its brackets and strings alone, and every fact is read by itself.
"""

import re

import msgspec
from msgspec import Raw

from circulation.wire import MAX_BATCH, PushBatch
from registry.bodies import read_body

_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[{]|[\]}]|[,:"]', re.DOTALL)
_OPEN, _CLOSED = b"[{", b"]}"
_FACTS = b'"facts"'
_BATCH = msgspec.json.Decoder(PushBatch)
_MOST_TOKENS = 250_000
"""Many times what 500 facts have, and well under a second's work."""
_IN_BATCH = 1
_IN_FACTS = 2

Spans = list[tuple[int, int]]


def read_batch(body: bytes) -> PushBatch:
    """Decode a batch; its facts stay raw, and may be anything.

    Raises:
        RefusedError: 400 with the place: the batch is malformed as a whole, or its facts can't be told apart.

    """
    try:
        return _BATCH.decode(body)
    except msgspec.ValidationError:
        spans = None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        spans = _spans_of_facts(body)
    if spans is None:
        return read_body(body, PushBatch)
    # The facts' own bytes are left out, so whatever is wrong now is wrong with the batch.
    batch = read_body(b"".join(_without(body, spans)), PushBatch)
    return msgspec.structs.replace(batch, facts=[Raw(body[begin:end]) for begin, end in spans])


def _without(body: bytes, spans: Spans) -> list[bytes]:
    parts: list[bytes] = []
    at = 0
    for begin, end in spans:
        # An empty place between two commas stays empty, and thereby wrong.
        parts += [body[at:begin], b"0" if begin < end else b""]
        at = end
    return [*parts, body[at:]]


def _spans_of_facts(body: bytes) -> Spans | None:
    """Where each fact begins and ends; nothing when the brackets and strings don't say."""
    spans: Spans = []
    depth = 0
    seen = 0
    name = b""
    inside = False
    begin = 0
    for count, token in enumerate(_TOKEN.finditer(body)):
        text = token[0]
        if text == b'"' or count > _MOST_TOKENS or len(spans) > MAX_BATCH:
            # A string without an end (everything behind it may be inside), or more than any batch has.
            return None
        if text in _OPEN:
            depth += 1
            if depth == _IN_FACTS and text == b"[" and name == _FACTS:
                inside, begin = True, token.end()
                seen += 1
        elif text in _CLOSED:
            if inside and depth == _IN_FACTS:
                spans.append(_trimmed(body, begin, token.start()))
                inside = False
            depth -= 1
        elif inside and depth == _IN_FACTS and text == b",":
            spans.append(_trimmed(body, begin, token.start()))
            begin = token.end()
        elif depth == _IN_BATCH:
            name = _name_after(name, text)
    return spans if seen == 1 and depth == 0 else None


def _name_after(name: bytes, text: bytes) -> bytes:
    """The name whose value comes next: a colon keeps it, a comma ends it."""
    if text == b":":
        return name
    return b"" if text == b"," else text


def _trimmed(body: bytes, begin: int, end: int) -> tuple[int, int]:
    part = body[begin:end]
    left = len(part) - len(part.lstrip(b" \t\r\n"))
    return begin + left, begin + max(left, len(part.rstrip(b" \t\r\n")))
