"""Building the front end where the machine, not Node, knows whom to trust."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.operations import frontend


def test_node_trusts_whom_the_machine_trusts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = tmp_path / "ca-certificates.crt"
    bundle.write_text("")
    monkeypatch.setattr(frontend, "SYSTEM_AUTHORITIES", (str(tmp_path / "none"), str(bundle)))
    monkeypatch.delenv("NODE_EXTRA_CA_CERTS", raising=False)

    assert frontend.environment(Path("/usr/bin/node"))["NODE_EXTRA_CA_CERTS"] == str(bundle)

    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", "/own.pem")
    assert frontend.environment(Path("/usr/bin/node"))["NODE_EXTRA_CA_CERTS"] == "/own.pem"
