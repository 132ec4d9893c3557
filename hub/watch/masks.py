"""Secrets that this process has seen, so that none of them is written anywhere by accident."""

from __future__ import annotations

import re
import threading
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

HIDDEN = "[hidden]"
SHORTEST = 5
"""What is shorter is found in any text."""
MOST = 20_000
_SOUNDS_SECRET = re.compile(
    r"pass(word|wd|phrase)|secret|token|ticket|api[-_]?key|private[-_]?key|authorization|cookie|credential", re.I
)
_NOT_SECRET = re.compile(r"(_id|_at|_seconds|_address|_url|_name|_count)$|^secrets_(set|changed)$", re.I)
_IN_TEXT = (
    re.compile(r"(?i)\b(bearer|basic)(\s+)[\w.~+/=-]{8,}"),
    re.compile(r"(://[^\s/:@]*:)()[^\s/@]+(?=@)"),
    re.compile(r"(?i)\b((?:pass(?:word|wd)|secret|api[-_]?key|otdsticket)[\"']?\s*[=:]\s*[\"']?)()[^\s\"',;&]{3,}"),
)
_known: OrderedDict[str, None] = OrderedDict()
_mutex = threading.Lock()


def sounds_secret(name: str) -> bool:
    """Whether a field of this name may hold a secret."""
    return bool(_SOUNDS_SECRET.search(name)) and not _NOT_SECRET.search(name)


def hide(values: Any) -> None:
    """From now on none of these texts is shown. Lists and objects are gone through."""
    with _mutex:
        for text in _texts(values):
            for form in (text, quote(text, safe=""), b64encode(text.encode()).decode().rstrip("="), repr(text)[1:-1]):
                _known[form] = None
                _known.move_to_end(form)
        while len(_known) > MOST:
            _known.popitem(last=False)


def masked(text: str) -> str:
    """The text without any secret that is known, or that its surroundings give away."""
    with _mutex:
        known = [each for each in _known if each in text]
    # The longest first: one secret may be the beginning of another.
    for each in sorted(known, key=len, reverse=True):
        text = text.replace(each, HIDDEN)
    for pattern in _IN_TEXT:
        text = pattern.sub(rf"\1\2{HIDDEN}", text)
    return text


def clean(value: Any) -> Any:
    """The value as plain JSON, masked, with everything hidden whose name says that it is secret."""
    if isinstance(value, dict):
        return {masked(str(name)): _shown(str(name), inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [clean(inner) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return masked(str(value))


def _shown(name: str, value: Any) -> Any:
    if sounds_secret(name) and not isinstance(value, bool) and value is not None:
        return HIDDEN
    return clean(value)


def _texts(values: Any) -> Iterable[str]:
    if isinstance(values, str):
        if len(values) >= SHORTEST:
            yield values
            # Of a key over several lines each line is shown by itself.
            yield from (line for line in values.splitlines() if len(line) >= 16 and line != values)
    elif isinstance(values, dict):
        for inner in values.values():
            yield from _texts(inner)
    elif isinstance(values, list | tuple):
        for inner in values:
            yield from _texts(inner)
