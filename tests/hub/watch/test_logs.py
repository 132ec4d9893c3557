"""Lines that machines can read, that say where they were written, and that hold no secret."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from hub.watch import logs, masks

ROOT = Path(__file__).parents[3]
log = structlog.get_logger("hub.test")


@pytest.fixture
def lines() -> Iterator[Any]:
    """What was logged, as JSON."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.formatter(json=True))
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def test_a_line_is_a_json_object_with_time_level_and_logger(lines: Any) -> None:
    log.info("thing.happened", count=3)
    logging.getLogger("somebody.elses").error("It broke: %s.", "badly")
    ours, theirs = lines()
    assert ours["event"] == "thing.happened"
    assert (ours["level"], ours["logger"], ours["count"]) == ("info", "hub.test", 3)
    assert ours["timestamp"].endswith("Z")
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("It broke: badly.", "error", "somebody.elses")


def test_a_line_says_at_which_run_and_step_it_was_written(lines: Any) -> None:
    token = logs.at.set(lambda: {"run": "r-1", "step": "a"})
    log.info("inside")
    logs.at.reset(token)
    log.info("outside")
    inside, outside = lines()
    assert (inside["run"], inside["step"]) == ("r-1", "a")
    assert "run" not in outside


def test_a_secret_that_the_process_has_seen_is_in_no_line(lines: Any) -> None:
    masks.hide({"password": "pa/ss wo\"rd'1", "deep": [{"key": "k-998877"}]})
    said = "the service said: user x, pa/ss wo\"rd'1, k-998877"
    try:
        raise ValueError(said)
    except ValueError:
        log.exception("call.failed", url=f"https://x/?p={quote('k-998877')}", answer={"k-998877": ["k-998877"]})
    logging.getLogger("hub.test").error("It was %r.", "pa/ss wo\"rd'1")
    written = json.dumps(lines())
    assert "call.failed" in written
    for secret in ("k-998877", "pa/ss", 'wo\\"rd', quote("pa/ss wo\"rd'1", safe="")):
        assert secret not in written


@pytest.mark.parametrize(
    "text",
    ["Authorization: Bearer abcdef.SECRET", "Basic dXNlSECRETDEFABC==", "postgresql://me:SECRET@host/db",
     "password=SECRET", "{'api_key': 'SECRET'}", 'OTDSTicket: "SECRET"'],
)  # fmt: skip
def test_what_stands_where_secrets_stand_is_hidden_though_nobody_knows_it(text: str) -> None:
    assert "SECRET" not in masks.masked(text)
    assert masks.HIDDEN in masks.masked(text)


def test_fields_whose_names_sound_secret_are_hidden(lines: Any) -> None:
    log.info("x", api_key="a", token_count=3, nested={"Authorization": "b", "user": "c"})
    [line] = lines()
    assert (line["api_key"], line["token_count"]) == (masks.HIDDEN, 3)
    assert line["nested"] == {"Authorization": masks.HIDDEN, "user": "c"}


@given(st.text(min_size=masks.SHORTEST), st.text(), st.text())
def test_a_known_secret_is_never_left_in_a_text(secret: str, before: str, after: str) -> None:
    masks.hide(secret)
    assert secret in masks.HIDDEN or secret not in masks.masked(before + secret + after).replace(masks.HIDDEN, "")


def test_an_exception_that_nobody_catches_is_a_line_too() -> None:
    code = (
        "import django, threading; django.setup()\n"
        "from hub.watch.masks import hide; hide('s3cr3t-value')\n"
        "def fail(): raise RuntimeError('in a thread: s3cr3t-value')\n"
        "each = threading.Thread(target=fail); each.start(); each.join()\n"
        "raise RuntimeError('at the end: s3cr3t-value')"
    )
    env = dict(os.environ) | {"DJANGO_SETTINGS_MODULE": "hub.settings", "LOCKGATE_LOG_JSON": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env | {"LOCKGATE_ROLE": "worker"}, capture_output=True, text=True
    )
    assert "s3cr3t" not in done.stderr + done.stdout
    found = [json.loads(line) for line in done.stderr.splitlines()]
    assert [each["event"] for each in found] == ["process.died"] * 2
    assert "at the end: [hidden]" in found[1]["exception"]
