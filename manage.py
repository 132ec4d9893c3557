#!/usr/bin/env python3
"""The one command of Lockgate. Needs nothing but Python 3.11 with venv; it installs the rest itself.

python3 manage.py up      set up and start the hub       python3 manage.py test    every check and every test
python3 manage.py doctor  what is well and what is not   python3 manage.py help    all commands
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> int:
    if sys.version_info < (3, 11):
        print(
            f"Lockgate needs Python 3.11 or newer; this is {sys.version.split()[0]}.\n"
            "Debian 12 has it: apt-get install python3 python3-venv, then python3 manage.py up",
            file=sys.stderr,
        )
        return 1
    sys.path.insert(0, str(ROOT))
    from hub.operations import bootstrap

    return bootstrap.run(ROOT, sys.argv)


if __name__ == "__main__":
    sys.exit(main())
