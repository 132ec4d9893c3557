"""Ask an address and end with 0 when it answers 200: a health check for images that have no curl."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not arguments[0].startswith("http://"):
        print("Give one address, beginning with http://.", file=sys.stderr)
        return 2
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(arguments[0], timeout=4) as reply:
            return 0 if reply.status == 200 else 1
    except (OSError, ValueError, urllib.error.URLError) as trouble:
        print(f"{arguments[0]} does not answer: {trouble}.", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
