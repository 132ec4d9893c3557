"""Permission words: Exstream types them as one text whose separator is not established; a list is read too."""

from __future__ import annotations

from typing import Any

_SEPARATORS = (",", ";", "|", " ")


def words_of(value: Any) -> list[str]:
    """The words, sorted, whichever way they were written."""
    if isinstance(value, str):
        separator = _separator(value)
        parts: list[Any] = value.split(separator)
    else:
        parts = list(value or [])
    return sorted({str(part).strip() for part in parts if str(part).strip()})


def written_like(before: Any, words: list[str]) -> Any:
    """The words in the form that was read; a comma where nothing was."""
    if isinstance(before, list):
        return sorted(set(words))
    return _separator(before if isinstance(before, str) else "").join(sorted(set(words)))


def _separator(text: str) -> str:
    return next((each for each in _SEPARATORS if each in text.strip()), ",")
