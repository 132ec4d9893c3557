"""Sentences that pages can say in another language."""

from __future__ import annotations

from typing import Any


class Sentence(str):
    """Words with what is filled into them: text in English, which remembers how it was made.

    `text` is the key under which frontend/src/text has it in other languages; a value may be a sentence itself.
    """

    text: str
    values: dict[str, Any]

    def __new__(cls, text: str, /, **values: Any) -> Sentence:
        made = super().__new__(cls, text.format(**values) if values else text)
        made.text = text
        made.values = values
        return made

    @property
    def parts(self) -> dict[str, Any]:
        """As the API gives it."""
        return {"text": self.text, "values": {name: parts_of(each) for name, each in self.values.items()}}


def parts_of(said: Any) -> Any:
    """A sentence's parts; numbers and other text are as they are."""
    if isinstance(said, Sentence):
        return said.parts
    return said if isinstance(said, int | float) and not isinstance(said, bool) else str(said)
