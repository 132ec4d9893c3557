"""What repeating an action would do."""

from enum import StrEnum


class Effect(StrEnum):
    """Decides what happens when nobody knows whether a call went through."""

    NONE = "none"
    """Reads only. It is simply called again."""

    KEYED = "keyed"
    """Repeating it with the same key, or with the same input, changes nothing more. It is called again."""

    ONCE = "once"
    """Repeating it would do it twice. The step becomes *in doubt* and is read back or decided by a person."""
