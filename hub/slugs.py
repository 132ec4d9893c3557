"""Names as they stand in addresses."""

from __future__ import annotations

import unicodedata

from django.utils.text import slugify

# Letters that German writes in two when it must. Without this, the umlauts lose their dots and ß is dropped.
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS"})


def slug_of(name: str, *, longest: int, otherwise: str) -> str:
    """The name as a slug: "Größe ändern" becomes groesse-aendern."""
    composed = unicodedata.normalize("NFC", name)
    return slugify(composed.translate(_GERMAN))[:longest].strip("-") or otherwise
