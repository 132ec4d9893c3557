"""`/metrics`: guarded, complete, described; what processes count adds up."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection, transaction
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from hub.accounts.models import Workspace
from hub.connections.models import Connection, Health
from hub.watch import tallies
from hub.watch.tallies import Counts, Durations, bring

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "reference" / "metrics.md").read_text()
TOKEN = "figures-for-us"
_OWN = Counts("lockgate_test_count", "Of the tests.", ["of"])
_TIMES = Durations("lockgate_test_seconds", "Of the tests.", ["of"])


@pytest.fixture(autouse=True)
def _token(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN


def scraped() -> dict[str, dict[tuple[str, ...], float]]:
    """What a scrape finds: samples by name, each by the values of its labels, which are sorted by name."""
    reply = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert reply.status_code == 200
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(reply.content.decode()):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(dict(sorted(sample.labels.items())).values())] = sample.value
    return found


@pytest.mark.django_db
def test_without_a_token_set_there_are_no_figures(settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}x", "Bearer ü"])
def test_only_who_knows_the_token_gets_figures(sent: str) -> None:
    reply = Client().get("/metrics", headers={"Authorization": sent})
    assert reply.status_code == 401
    assert b"lockgate_queue" not in reply.content


@pytest.mark.django_db
def test_every_figure_is_described_and_every_described_figure_is_there(team: Workspace) -> None:
    Connection.objects.create(workspace=team, name="S", slug="s", connector="http", health=Health.FAILING)
    reply = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    said = {name for name in re.findall(r"^# TYPE (\S+) ", reply, re.M) if "_test_" not in name}
    described = set(re.findall(r"^\| `(lockgate_\w+)`", PAGE, re.M))
    assert said == described
    assert scraped()["lockgate_connection_up"] == {("s", "http", "team"): 0.0}


def test_the_alert_rules_use_figures_and_labels_that_exist() -> None:
    described = dict(re.findall(r"^\| `(lockgate_\w+)` \| \w+ \| ([^|]*)\|", PAGE, re.M))
    [rules] = re.findall(r"```yaml\n(groups:.*?)```", PAGE, re.S)
    for rule in yaml.safe_load(rules)["groups"][0]["rules"]:
        for name, labels in re.findall(r"(lockgate_\w+)(?:\{([^}]*)\})?", rule["expr"]):
            assert name in described, rule
            assert set(re.findall(r"(\w+)=", labels)) <= set(described[name].replace(" ", "").split(",")), rule
        shown = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
        known = " ".join(described[name] for name in re.findall(r"lockgate_\w+", rule["expr"]))
        assert shown <= set(re.findall(r"\w+", known)), rule


@pytest.mark.django_db
def test_what_was_brought_is_not_brought_again() -> None:
    before = scraped().get("lockgate_test_count_total", {}).get(("a",), 0)
    _OWN.add("a", many=3)
    assert bring()
    assert bring()
    _OWN.add("a")
    assert bring()
    assert scraped()["lockgate_test_count_total"][("a",)] == before + 4


@pytest.mark.django_db
def test_durations_fall_into_buckets_that_add_up() -> None:
    for seconds in (0.0001, 0.001, 0.2, 400):
        _TIMES.add(seconds, "b")
    assert bring()
    found = scraped()
    buckets = {labels[0]: value for labels, value in found["lockgate_test_seconds_bucket"].items()}
    assert (buckets["0.001"], buckets["0.1"], buckets["0.25"], buckets["300.0"], buckets["+Inf"]) == (2, 2, 3, 3, 4)
    assert found["lockgate_test_seconds_count"][("b",)] == 4
    assert found["lockgate_test_seconds_sum"][("b",)] == pytest.approx(400.2011)


@pytest.mark.django_db
def test_what_could_not_be_brought_is_brought_the_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    _OWN.add("late")
    with monkeypatch.context() as patched:
        patched.setattr(tallies, "_ADD", "SELECT 1 FROM nowhere WHERE %s = %s OR %s = 1.0")
        with transaction.atomic():
            assert not bring()
            transaction.set_rollback(True)
    assert bring()
    assert scraped()["lockgate_test_count_total"][("late",)] == 1


@pytest.mark.django_db(transaction=True)
def test_the_counts_of_several_processes_add_up_also_when_they_have_ended() -> None:
    code = (
        "import django; django.setup()\n"
        "from hub.watch.tallies import Counts, bring\n"
        "own = Counts('lockgate_test_count', 'Of the tests.', ['of'])\n"
        "own.add('several', many=2); assert bring(); own.add('several')  # The last is brought at the end."
    )
    held = connection.settings_dict
    env = dict(os.environ) | {"DJANGO_SETTINGS_MODULE": "hub.settings"}
    env["DATABASE_URL"] = f"postgresql://{held['USER']}@/{held['NAME']}?host={held['HOST']}"
    running = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=env) for _ in range(2)]
    assert [each.wait(60) for each in running] == [0, 0]
    assert scraped()["lockgate_test_count_total"][("several",)] == 6


@pytest.mark.django_db
def test_a_figure_that_cannot_be_found_out_hides_no_other(settings: Any) -> None:
    settings.METRICS = ["tests.hub.watch.test_metrics.broken", *settings.METRICS]
    found = scraped()
    assert found["lockgate_figures_missing"][()] == 1
    assert found["lockgate_queue_depth"][()] == 0


def broken() -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    return []


@pytest.mark.django_db
def test_a_broker_that_is_away_is_told(settings: Any) -> None:
    assert scraped()["lockgate_broker_up"][()] == 1
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert scraped()["lockgate_broker_up"][()] == 0


_ENDS = """
import django
django.setup()
from django.db import connection
from hub.watch import tallies
tallies.Counts("lockgate_test_end", "Of a process that ends.").add()
assert tallies.bring()
tallies.Counts("lockgate_test_late", "Counted last.").add()
connection.close()
connection.settings_dict["HOST"] = "/nowhere"
"""


@pytest.mark.django_db(transaction=True)
def test_a_process_that_ends_after_the_database_ends_without_a_word() -> None:
    held = connection.settings_dict
    url = f"postgresql://{held['USER']}@/{held['NAME']}?host={held['HOST']}"
    env = dict(os.environ) | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "hub.settings"}
    ended = subprocess.run([sys.executable, "-c", _ENDS], env=env, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
