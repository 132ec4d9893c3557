"""The steps that put a list in order, gather it in groups, or drop what is there twice: their settings."""

from __future__ import annotations

from typing import Any

FUNCTIONS = ("count", "sum", "average", "min", "max", "first", "last", "list")
LITERAL = {"x-literal": True}
_ITEMS = {
    "type": "array", "title": "Items", "description": "The list.", "x-expression": True,
    "x-placeholder": "steps.find.people",
}  # fmt: skip


def _of_item(title: str, placeholder: str, description: str = "May read item and index.") -> dict[str, Any]:
    return {"title": title, "description": description, "x-expression": True, "x-placeholder": placeholder}


def _object(properties: dict[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": list(required)}


SORT = _object(
    {
        "items": _ITEMS,
        "by": {
            "type": "array",
            "title": "In the order of",
            "minItems": 1,
            "items": _object(
                {
                    "value": _of_item("Value", "item.name"),
                    "order": {"enum": ["ascending", "descending"], "title": "Order", "default": "ascending"}
                    | LITERAL,
                },
                ("value",),
            ),
        },
    },
    ("items", "by"),
)
DISTINCT = _object(
    {
        "items": _ITEMS,
        "by": _of_item("Is the same, when this is", "item.id", "May read item and index. Empty: the whole item."),
        "keep": {"enum": ["first", "last"], "title": "Which is kept", "default": "first"} | LITERAL,
    },
    ("items",),
)
GROUP = _object(
    {
        "items": _ITEMS,
        "by": _of_item("Grouped by", "item.unit", "May read item and index. Empty: all in one group."),
        "give": {
            "type": "array",
            "title": "What is given of each group",
            "items": _object(
                {
                    "name": {"type": "string", "title": "Name", "minLength": 1, "pattern": "^(?!key$)"} | LITERAL,
                    "of": {"enum": list(FUNCTIONS), "title": "What", "default": "list"} | LITERAL,
                    "value": _of_item("Value", "item.amount", "May read item and index. Empty: the whole item."),
                },
                ("name", "of"),
            ),
        },
    },
    ("items",),
)
SCHEMAS = {"sort": SORT, "distinct": DISTINCT, "group": GROUP}
EXPRESSIONS = {"sort": ("settings/by",), "distinct": ("settings/by",), "group": ("settings/by", "settings/give")}
"""Where expressions read each item."""
