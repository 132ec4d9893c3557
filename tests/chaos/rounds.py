"""`make chaos-story MINUTES=30`: people come, move and leave for so long, with kills at random moments."""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.chaos.killing import random_moments
from tests.chaos.provisioning import AFTER, BEFORE, Story, told


def play(story: Story, *, seconds: float, seed: int) -> dict[str, Any]:
    """Round after round, each checked; what came of it all."""
    chance, until, rounds = random.Random(seed), time.monotonic() + seconds, 0
    story.install(random_moments(chance, most_writes=0))
    story.run(random_moments(chance, most_writes=26))
    while time.monotonic() < until or rounds % 2:
        back = bool(rounds % 2)
        story.people_change(back=back, moments=random_moments(chance, most_writes=5))
        seen, wanted = story.sees(), BEFORE if back else AFTER
        assert seen == wanted, f"round {rounds}, seed {seed}: {seen}"
        written = story.written()
        story.run(random_moments(chance, most_writes=0, count=1))
        assert story.written() == written, f"round {rounds}, seed {seed}: a run with nothing to do wrote something"
        rounds += 1
    (changes, repeats), (applied, unknown) = story.written(), story.said_applied()
    return {
        "seed": seed,
        "rounds": rounds,
        "kills": dict(story.killer.kills),
        "applied": applied,
        "outcome_unknown": unknown,
        "written": changes,
        "written_twice": repeats,
        "acknowledged": len(story.acknowledged),
        "unheard": story.unheard(),
        "closed": not story.unheard() and repeats == 0 and applied <= changes <= applied + unknown,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="The main job, round after round, while processes are killed.")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lgc-") as folder, told(Path(folder)) as story:
        ledger = play(story, seconds=given.minutes * 60, seed=given.seed)
    json.dump(ledger, sys.stdout, indent=2)
    print()
    return 0 if ledger["closed"] else 1


if __name__ == "__main__":
    sys.exit(main())
