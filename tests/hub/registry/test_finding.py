"""How connectors are found, and what is said about those that are broken."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from hub.registry import Catalog, UnknownEntry
from hub.registry.finding import find

MANIFEST = """\
name = "Acme"
category = "other"
description = "Talks to Acme."
sign-in = ["none"]
talks-to = []
owner = "@you"
version = "1.0"

[quality]
sandbox = { exempt = "Nothing to stand in for." }
who-am-i = "done"
errors = "done"
rate-limits = { exempt = "It is never busy." }
pagination = { exempt = "It has no lists." }
choices = { exempt = "It has no choices." }
"""
AUTH = """\
from hub.sdk import Fields, Identity, SignIn, field

class Auth(SignIn[object]):
    class Settings(Fields):
        token: str = field("Token", secret=True)
    def open(self, settings, opening):
        return object()
    def who_am_i(self, client):
        return Identity(name="Amara")
"""
ACTION = """\
from hub.sdk import Action, Effect, Fields, field

class Greet(Action[object]):
    '''Greet somebody.'''
    effect = Effect.NONE
    class Input(Fields):
        name: str = field("Name")
    class Output(Fields):
        said: str = field("Said")
    def run(self, input, client, call):
        return self.Output(said=f"Hello {input.name}.")
"""


@pytest.fixture(autouse=True)
def _forget_what_was_imported() -> Iterator[None]:
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith(("lockgate_connectors_", "acme_for_lockgate")):
            del sys.modules[name]


def _write(folder: Path, **files: str) -> Path:
    """A connector; a file is named like `actions__greet`, and None of a file's text leaves it out."""
    contents = {"auth": AUTH, "actions__greet": ACTION, **files}
    folder.mkdir(parents=True)
    (folder / "manifest.toml").write_text(contents.pop("manifest", MANIFEST))
    for name, text in contents.items():
        if text:
            path = folder / (name.replace("__", "/") + ".py")
            path.parent.mkdir(exist_ok=True)
            path.write_text(dedent(text))
    return folder


def _find(tmp_path: Path, *further: Path) -> Catalog:
    return find(tmp_path / "nothing-of-ours", [*further] or [tmp_path / "extra"])


def test_a_folder_is_a_connector(tmp_path: Path) -> None:
    _write(tmp_path / "extra" / "acme")

    found = _find(tmp_path)

    assert found.problems == ()
    assert found.action("acme.greet").description == "Greet somebody."
    assert found.connector("acme").secret_fields == {"token"}


def test_an_unknown_name_is_met_with_a_suggestion(tmp_path: Path) -> None:
    _write(tmp_path / "extra" / "acme")

    with pytest.raises(UnknownEntry, match=r'Did you mean "acme\.greet"\?'):
        _find(tmp_path).action("acme.great")
    with pytest.raises(UnknownEntry, match=r'No connector is called "zzz"\. There are: .*acme'):
        _find(tmp_path).connector("zzz")


def test_of_two_with_one_name_the_first_is_kept_and_the_other_reported(tmp_path: Path) -> None:
    _write(tmp_path / "one" / "acme")
    _write(tmp_path / "two" / "acme", actions__wave=ACTION)

    found = _find(tmp_path, tmp_path / "one", tmp_path / "two")

    assert list(found.actions) == ["acme.greet"]
    assert [problem.connector for problem in found.problems] == ["acme"]
    assert "already brings a connector of this name" in str(found.problems[0])


def test_a_broken_connector_takes_no_other_along(tmp_path: Path) -> None:
    _write(tmp_path / "extra" / "acme")
    _write(tmp_path / "extra" / "broken", actions__greet="import nowhere_at_all")

    found = _find(tmp_path)

    assert list(found.connectors) == ["acme"]
    assert "nowhere_at_all" in str(found.problems[0])


def test_a_folder_that_is_missing_is_said_so(tmp_path: Path) -> None:
    [problem] = _find(tmp_path, tmp_path / "gone").problems

    assert (problem.message, problem.broken) == ("There is no such folder.", False)


@pytest.mark.parametrize(
    ("manifest", "key", "said"),
    [
        ("name = ", "", "This is not TOML"),
        (MANIFEST.replace('name = "Acme"\n', ""), "name", "This key is missing."),
        (MANIFEST.replace("owner", "ovner"), "owner", "This key is missing."),
        ("colour = 1\n" + MANIFEST, "colour", "There is no such key"),
        (MANIFEST.replace('["none"]', '"none"'), "sign-in", "This should be a list."),
        (MANIFEST.replace('["none"]', "[]"), "sign-in", "Name at least one."),
        (MANIFEST.replace('"1.0"', '"one"'), "version", "a version such as 1.2.0"),
        (MANIFEST.replace("It is never busy.", "No."), "quality.rate-limits", "a reason of three words"),
    ],
)
def test_a_broken_manifest_is_reported_with_its_key(tmp_path: Path, manifest: str, key: str, said: str) -> None:
    _write(tmp_path / "extra" / "acme", manifest=manifest)

    found = _find(tmp_path)

    assert found.connectors == {}
    assert any(problem.key == key and said in problem.message and problem.broken for problem in found.problems)


@pytest.mark.parametrize(
    ("manifest", "key"),
    [
        (MANIFEST.replace('errors = "done"\n', ""), "quality.errors"),
        (MANIFEST + 'beauty = "done"\n', "quality.beauty"),
        (MANIFEST.replace('{ exempt = "Nothing to stand in for." }', '"done"'), "quality.sandbox"),
    ],
)
def test_a_quality_rule_that_is_not_answered_is_reported_and_breaks_nothing(
    tmp_path: Path, manifest: str, key: str
) -> None:
    _write(tmp_path / "extra" / "acme", manifest=manifest)

    found = _find(tmp_path)

    assert list(found.connectors) == ["acme"]
    assert [(problem.key, problem.broken) for problem in found.problems] == [(key, False)]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"auth": ""}, "auth.py: This file is missing"),
        ({"auth": "class Auth: pass"}, "no class Auth that is a SignIn"),
        ({"auth": AUTH.replace("def who_am_i", "def whoami")}, "Auth lacks: who_am_i"),
        ({"actions__greet": ACTION.replace("    effect = Effect.NONE\n", "")}, "Set effect"),
        ({"actions__greet": ACTION.replace("    '''Greet somebody.'''\n", "")}, "no docstring"),
        ({"actions__greet": ACTION.replace("class Output", "class Result")}, "no class Output"),
        ({"actions__greet": ACTION.replace("def run", "def walk")}, "found: none"),
        ({"actions__greet": ACTION + ACTION.replace("Greet(", "Wave(")}, "found: Greet, Wave"),
        ({"actions__greet": ACTION.replace('("Name")', '("Name", choices="names")')}, 'the choice list "names"'),
        ({"actions__greet": ACTION.replace('("Name")', '("Name", depends_on=["x"])')}, 'depends on "x"'),
        ({"actions__Greet": ACTION}, "The file's name is the action's name"),
        ({"resources__thing": "x = 1"}, "exactly one Resource"),
    ],
)
def test_what_is_wrong_with_a_connector_is_said(tmp_path: Path, files: dict[str, str], said: str) -> None:
    _write(tmp_path / "extra" / "acme", **files)

    found = _find(tmp_path)

    assert found.connectors == {}
    assert any(said in str(problem) for problem in found.problems), found.problems


def test_a_folder_that_cannot_name_a_connector_is_reported(tmp_path: Path) -> None:
    _write(tmp_path / "extra" / "Acme-9")

    assert "cannot name a connector" in str(_find(tmp_path).problems[0])


def _install(site: Path, package: str, target: str) -> None:
    """What pip leaves behind of a package that offers a connector."""
    info = site / f"{package}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[lockgate.connectors]\nacme = {target}\n")


def test_a_connector_in_a_pip_package_is_found_like_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    _write(site / "acme_for_lockgate")
    (site / "acme_for_lockgate" / "__init__.py").touch()
    _install(site, "acme-connector", "acme_for_lockgate")
    monkeypatch.syspath_prepend(str(site))

    found = _find(tmp_path, tmp_path)

    assert found.connector("acme").source == "the package acme-connector"
    assert "acme.greet" in found.actions


def test_a_pip_package_that_cannot_be_imported_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install(tmp_path / "site", "acme-connector", "acme_that_is_gone")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))

    [problem] = _find(tmp_path, tmp_path).problems

    assert "cannot be imported" in problem.message


def test_threads_that_ask_first_at_the_same_moment_get_the_same_catalog() -> None:
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    from hub.registry import catalog, forget_catalog

    together = Barrier(8)

    def ask() -> int:
        together.wait(10)
        return id(catalog())

    forget_catalog()
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: ask(), range(8)))) == 1
