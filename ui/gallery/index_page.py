"""The gallery's page: plain HTML without a script, opened from the disk."""

from collections.abc import Iterator, Sequence
from html import escape

from ui.gallery.plan import Exhibition, Wing

_STYLE = """
body { margin: 2rem; background: #fbf5e8; color: #14273d; font: 1rem/1.5 sans-serif }
nav ul { columns: 20rem; padding-left: 1.2rem }
section { border-top: 2px solid #857555; margin-top: 2rem }
.hung { display: flex; flex-wrap: wrap; gap: 1.5rem }
figure { margin: 0 }
figure img { display: block; height: 22rem; border: 1px solid #857555 }
a { color: #15417a }
"""


def index_page(exhibition: Exhibition) -> str:
    """All wings: a list of them, then each with its contact sheet and its pictures."""
    wings = list(exhibition.wings())
    return "\n".join(
        (
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8"><title>Youyue: every screen</title>',
            f"<style>{_STYLE}</style></head><body>",
            f"<h1>Every screen</h1><p>{len(exhibition)} pictures: {len(exhibition.views)} states of the screens.</p>",
            "<nav><ul>",
            *(f'<li><a href="#{escape(wing.name)}">{escape(_title(wing))}</a></li>' for wing in wings),
            "</ul></nav>",
            *(line for wing in wings for line in _section(wing, exhibition.views)),
            "</body></html>",
            "",
        )
    )


def _section(wing: Wing, views: Sequence[str]) -> Iterator[str]:
    name = escape(wing.name)
    yield f'<section id="{name}"><h2>{escape(_title(wing))}</h2>'
    yield f'<p><a href="{name}.png">Contact sheet</a></p><div class="hung">'
    for view in views:
        picture = f"{name}/{escape(view)}.png"
        yield f'<figure><a href="{picture}"><img loading="lazy" src="{picture}" alt="{escape(view)}"></a><figcaption>{escape(view)}</figcaption></figure>'
    yield "</div></section>"


def _title(wing: Wing) -> str:
    return f"{wing.format}, {wing.language}, {wing.look}"
