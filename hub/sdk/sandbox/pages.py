"""The look of the control pages: plain HTML that works without scripts and can be read by everyone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from hub.sdk.sandbox.exchange import Reply

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --line: #8a929c; --soft: #f2f4f7;
  --link: #0b4f9e; --bad: #9b1c1c; --good: #14532d; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --paper: #16191d; --line: #7c8590; --soft: #22272e;
  --link: #8ab8ff; --bad: #ff9a9a; --good: #8fdcab; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 78rem; padding: 1rem 1.5rem 4rem; font: 1rem/1.5 system-ui, sans-serif;
  color: var(--ink); background: var(--paper); }
a { color: var(--link); } a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible {
  outline: 3px solid var(--link); outline-offset: 2px; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; }
nav a { display: inline-block; padding: .25rem 0; }
h1 { font-size: 1.6rem; margin: .5rem 0; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; } th { background: var(--soft); }
pre { background: var(--soft); padding: 1rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
form.fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .75rem;
  align-items: end; max-width: 60rem; }
label { display: block; } input, select, button { font: inherit; width: 100%; min-height: 2.5rem; padding: .4rem;
  color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: .25rem; }
button { background: var(--soft); cursor: pointer; width: auto; } p.said { border-left: .3rem solid var(--good);
  padding-left: .75rem; } p.said.bad { border-color: var(--bad); color: var(--bad); }
.skip { position: absolute; left: -99rem; } .skip:focus { position: static; }
"""


def page(title: str, body: str, *, name: str, links: Iterable[tuple[str, str]] = (), status: int = 200) -> Reply:
    """A whole page. `body` is HTML made by the functions below; `links` are (address, words) of the menu."""
    menu = "".join(f'<li><a href="{escape(address)}">{escape(words)}</a></li>' for address, words in links)
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} - {escape(name)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f"<style>{STYLE}</style></head><body>"
        f'<a class="skip" href="#content">Skip to the content</a><header><p>{escape(name)}, a sandbox</p>'
        f'<nav aria-label="Pages"><ul>{menu}</ul></nav></header>'
        f'<main id="content"><h1>{escape(title)}</h1>{body}</main></body></html>'
    )
    headers = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Reply(status, html, headers, "text/html; charset=utf-8")


def rows_table(
    caption: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, empty: str = "There is nothing here."
) -> str:
    """A table. A cell that is `Html` is put in as it is, everything else is escaped."""
    made = "".join("<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>" for row in rows)
    if not made:
        return f"<p>{escape(empty)}</p>"
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{made}</tbody></table></div>"
    )


def facts(values: Mapping[str, Any], caption: str) -> str:
    """Names and values as a table of two columns."""
    return rows_table(caption, ("Name", "Value"), values.items())


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def link(address: str, words: str) -> Html:
    """A link."""
    return Html(f'<a href="{escape(address)}">{escape(words)}</a>')


def text_field(name: str, label: str, value: Any = "", *, kind: str = "text") -> str:
    """A labelled field of a form."""
    step = ' step="any"' if kind == "number" else ""
    return (
        f'<label for="f-{escape(name)}">{escape(label)}<input id="f-{escape(name)}" name="{escape(name)}" '
        f'type="{kind}"{step} value="{escape(str(value))}"></label>'
    )


def choice_field(name: str, label: str, options: Iterable[str], value: str = "") -> str:
    """A labelled choice of a form."""
    made = "".join(f"<option{' selected' if option == value else ''}>{escape(option)}</option>" for option in options)
    return (
        f'<label for="f-{escape(name)}">{escape(label)}'
        f'<select id="f-{escape(name)}" name="{escape(name)}">{made}</select></label>'
    )


def form(address: str, inside: str, button: str) -> str:
    """A form that is sent by POST."""
    return (
        f'<form class="fields" method="post" action="{escape(address)}">{inside}'
        f'<div><button type="submit">{escape(button)}</button></div></form>'
    )


def _cell(value: Any) -> str:
    if isinstance(value, Html):
        return value
    if isinstance(value, list | tuple):
        return escape(", ".join(str(item) for item in value))
    return "" if value is None else escape(str(value))
