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


def test_packages_are_installed_again_only_when_others_are_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, npm, said = tmp_path / "frontend", tmp_path / "npm", tmp_path / "said"
    (folder / "src").mkdir(parents=True)
    (tmp_path / "hub" / "web" / "static" / "built").mkdir(parents=True)
    for name in ("package.json", "package-lock.json", "tsconfig.json", "vite.config.ts"):
        (folder / name).write_text("{}")
    npm.write_text(
        f'#!/bin/sh\necho "$1" >> {said}\n[ "$1" != ci ] || {{ rm -rf node_modules; mkdir node_modules; }}\n'
    )
    npm.chmod(0o755)
    monkeypatch.setattr(frontend, "find_node", lambda root: (Path("/usr/bin/node"), [str(npm)]))

    def done(*, with_checks: bool) -> list[str]:
        said.write_text("")
        frontend.build(tmp_path, with_checks=with_checks)
        return said.read_text().split()

    assert done(with_checks=False) == ["ci", "run"]
    assert done(with_checks=False) == ["run"]
    assert done(with_checks=True) == ["ci", "run"], "what only the checks need was left out"
    assert done(with_checks=False) == ["run"]
    (folder / "package-lock.json").write_text('{"lockfileVersion": 3}')
    assert done(with_checks=True) == ["ci", "run"]
