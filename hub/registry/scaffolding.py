"""A new connector, written from the templates in `scaffold/`."""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from string import Template

_TEMPLATES = Path(__file__).parent / "scaffold"
_TITLE = re.compile(r"[^\"\\\x00-\x1f\x7f]{1,60}\Z")
_FILES = {
    "manifest.toml": "connectors/$name/manifest.toml",
    "README.md": "connectors/$name/README.md",
    "empty": "connectors/$name/__init__.py",
    "auth.py": "connectors/$name/auth.py",
    "client.py": "connectors/$name/client.py",
    "sandbox.py": "connectors/$name/sandbox.py",
    "empty_actions": "connectors/$name/actions/__init__.py",
    "greet.py": "connectors/$name/actions/greet.py",
    "empty_tests": "tests/connectors/$name/__init__.py",
    "test.py": "tests/connectors/$name/test_$name.py",
}


def write_connector(root: Path, name: str, title: str) -> list[Path]:
    """Write the connector and its tests below `root`, all or nothing, and answer the files.

    Raises FileExistsError when one of the two folders is there, ValueError (a sentence) for a title that cannot be.
    """
    if not _TITLE.match(title) or not title.strip():
        raise ValueError("The title has 1 to 60 characters, and no quotation mark or backslash.")
    for folder in (root / "connectors" / name, root / "tests" / "connectors" / name):
        if folder.exists():
            raise FileExistsError(str(folder))
    words = {"name": name, "title": title, "Name": "".join(part.title() for part in name.split("_"))}
    words["token"] = secrets.token_hex(8)
    written = {}
    for template, target in _FILES.items():
        text = "" if template.startswith("empty") else (_TEMPLATES / f"{template}.tmpl").read_text("utf-8")
        written[root / Template(target).substitute(words)] = Template(text).substitute(words)
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return list(written)
