"""Text can be read: every pair of colours used for text has the contrast that WCAG 2.2 AA asks for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).resolve().parents[3] / "hub/web/static/web/lockgate.css").read_text("utf-8")
TEXT = [
    ("text", "ground"), ("text", "surface"), ("muted", "ground"), ("muted", "surface"), ("accent", "surface"),
    ("accent", "ground"), ("accent", "accent-soft"), ("accent-text", "accent"), ("text", "quiet-soft"),
    ("muted", "quiet-soft"), ("bad", "surface"), ("quiet", "quiet-soft"), ("good", "good-soft"), ("bad", "bad-soft"),
    ("warn", "warn-soft"), ("busy", "busy-soft"),
]  # fmt: skip
CONTROLS = [("control", "surface"), ("control", "ground"), ("focus", "ground"), ("focus", "surface")]


PAIRS = re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", CSS)
LIGHT = {name: light for name, light, _ in PAIRS}
DARK = {name: dark for name, _, dark in PAIRS}


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("one", "other"), TEXT, ids=str)
def test_text_has_a_contrast_of_four_and_a_half(scheme: dict[str, str], one: str, other: str):
    assert _contrast(scheme[one], scheme[other]) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("one", "other"), CONTROLS, ids=str)
def test_controls_and_the_focus_have_a_contrast_of_three(scheme: dict[str, str], one: str, other: str):
    assert _contrast(scheme[one], scheme[other]) >= 3
