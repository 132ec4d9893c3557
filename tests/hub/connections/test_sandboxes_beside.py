"""The sandboxes that were started beside the hub tell what they hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from connectors.otds.sandbox import create
from hub.accounts.access import Actor
from hub.connections.sandboxes import list_sandboxes
from hub.sdk.sandbox.server import Server


@pytest.fixture
def about(tmp_path: Path, settings: Any) -> Path:
    settings.DATA = tmp_path
    (tmp_path / "run").mkdir()
    return tmp_path / "run" / "sandbox.json"


def test_a_sandbox_tells_how_much_it_holds(bob: Actor, about: Path, settings: Any) -> None:
    with Server(create({"data": str(about.parent)}), "127.0.0.1", 0) as served:
        about.write_text(json.dumps({"otds": {"base_url": served.base_url, "password": "s3cret"}}))
        assert list_sandboxes(bob) == [], "it is not one that this hub was started with"
        settings.EGRESS_ALLOW = (urlsplit(served.base_url).netloc,)
        (found,) = list_sandboxes(bob)
    assert (found.name, found.url, found.answers) == ("otds", f"{served.base_url}/_sandbox", True)
    assert sum(found.counts.values()) > 10
    (gone,) = list_sandboxes(bob)
    assert not gone.answers


@pytest.mark.parametrize("text", ["", "[]", '{"otds": 7}', '{"otds": {}}'])
def test_a_hub_without_sandboxes_has_none(bob: Actor, about: Path, text: str) -> None:
    assert list_sandboxes(bob) == []
    about.write_text(text)
    assert list_sandboxes(bob) == []
