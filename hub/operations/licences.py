"""Checks that every installed package may be used: permissive licences, and the few exceptions that are named."""

from __future__ import annotations

import json
import subprocess
import sys

PERMISSIVE = ("apache", "mit", "bsd", "isc", "psf", "python software foundation", "zlib", "unlicense",
              "public domain",
              "cc0", "0bsd", "postgresql", "python-2.0", "zpl", "hpnd", "blueoak")  # fmt: skip
# Used unmodified as libraries, replaceable by their users, which is what the LGPL and the MPL ask for.
EXCEPTIONS = {"ldap3", "psycopg", "psycopg-binary", "psycopg-pool", "certifi", "hypothesis", "tqdm", "pathspec"}
OURS = {"lockgate"}


def main() -> int:
    listed = subprocess.run(
        [sys.executable, "-m", "piplicenses", "--from=mixed", "--format=json", "--with-system"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    refused = []
    for package in json.loads(listed.stdout):
        name, licence = package["Name"].lower(), package["License"]
        allowed = any(word in licence.lower() for word in PERMISSIVE) and "gpl" not in licence.lower()
        if not allowed and name not in EXCEPTIONS | OURS:
            refused.append(f"{package['Name']} {package['Version']}: {licence}")
    if refused:
        print("These packages have a licence that is not on the list in hub/operations/licences.py:")
        print("\n".join(f"  {line}" for line in refused))
        return 1
    print("Every package has a permissive licence, or is a named exception.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
