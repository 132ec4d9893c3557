"""A worker that dies at each of its writes to the database, before and after, and what is left when others go on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import F

from tests.e2e.news import News
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import later, states, work
from tests.workflows.engine.test_durability import Died
from workflows.models import Delivery, Plan, Run
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish

_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b|\s*WITH\b.*\bUPDATE\b", re.DOTALL)
_COMMITS = re.compile(r"RELEASE SAVEPOINT")
"""What a transaction of its own is within that of a test."""
MOST_RESUMED = 4


@contextmanager
def dying_at(number: int, *, before: bool) -> Iterator[list[str]]:
    """The worker dies just before, or just after, its nth write. After: a transaction may have ended by it."""
    written: list[str] = []

    def execute(run: Any, sql: str, *more: Any) -> Any:
        if not (_WRITES.match(sql) or (not before and _COMMITS.match(sql))):
            return run(sql, *more)
        written.append(sql)
        mine = len(written)
        if before and mine == number:
            raise Died
        made = run(sql, *more)
        if not before and mine == number:
            raise Died
        return made

    with connection.execute_wrapper(execute):
        yield written


class Story:
    """A workflow with a step of one kind in it, which is run again and again."""

    kinds: tuple[str, ...] = ()
    picture = ""
    least = 4
    """So many writes there are at least."""
    ends_as: frozenset[str] = frozenset({"succeeded"})

    def __init__(self, news: News) -> None:
        self.news, self.actor, self.stage = news, news.actor, news.stage
        self.rounds = 0
        self.prepare()
        create_workflow(self.actor, slug="told", document=drawn(self.picture, **self.steps()))
        publish(self.actor, "told", revision=1)

    def prepare(self) -> None:
        """What is so before the first run."""

    def steps(self) -> dict[str, dict[str, Any]]:
        raise NotImplementedError

    def before(self, number: int) -> None:
        """What happens outside before a run."""

    def check(self, run: Run, number: int) -> None:
        """The ledger: nothing is lost, and nothing written twice."""
        raise NotImplementedError

    # What each is put through

    def tell(self, *, before: bool) -> int:
        """Run it until a run meets no death; returns how many deaths there were."""
        number, died = 0, True
        while died:
            number, died, self.rounds = number + 1, False, self.rounds + 1
            self.before(self.rounds)
            run = start_run(self.actor, "told", payload={"n": self.rounds})
            with dying_at(number, before=before) as written:
                try:
                    self.carry_out(run)
                except Died:
                    died = True
            for _ in range(MOST_RESUMED):
                self.time_passes(run)
                self.carry_out(run)
            where = f"write {number}: {written[-1][:200] if written else ''}"
            found = states(run)
            assert found["run"] in self.ends_as, (where, found, Run.objects.get(id=run.id).error)
            try:
                self.check(run, self.rounds)
            except AssertionError as wrong:
                raise AssertionError(f"{where}: {wrong}") from wrong
            Run.objects.filter(id=run.id).exclude(state="succeeded").update(state="cancelled")
        return number - 1

    def carry_out(self, run: Run) -> None:
        """What workers, people and the scheduler do about it."""
        work()

    def time_passes(self, run: Run) -> None:
        hour = timedelta(hours=1)
        later(run)
        Plan.objects.update(lease_until=F("lease_until") - hour)
        Delivery.objects.filter(due_at__isnull=False).update(due_at=F("due_at") - hour)
