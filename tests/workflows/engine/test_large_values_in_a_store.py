"""Large values in a store that speaks S3, over real HTTP."""

from __future__ import annotations

import os
import subprocess
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.utils import timezone
from moto.server import ThreadedMotoServer

from hub.accounts.access import Actor
from tests.shop_connector.service import Shop
from tests.workflows.engine import conftest
from tests.workflows.engine.conftest import act, states, work
from tests.workflows.engine.test_large_values import ROWS, Start, later, real, transform
from workflows.engine import draining, executor
from workflows.engine.contents import collecting, places
from workflows.models import Content, ContentPage, ContentUse, Run

Objects = Callable[[], list[str]]
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def objects(server: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Objects]:
    """A bucket that is set as the store, and the keys of what is in it."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", server)
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "lockgate")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    bucket = f"values-{uuid.uuid4().hex}"
    client = boto3.client("s3", endpoint_url=server, region_name="eu-central-1")
    client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    settings.CONTENT_STORE = f"s3://{bucket}/large"
    yield lambda: [each["Key"] for each in client.list_objects_v2(Bucket=bucket).get("Contents", [])]
    places._bucket.cache_clear()


def test_pages_are_objects_when_a_store_is_set(actor: Actor, started: Start, objects: Objects) -> None:
    run = started("rows -> count", rows=transform(ROWS), count=transform("=$count(steps.rows)"))
    work()

    assert real(run, "count") == 3000
    assert len(real(run, "rows")) == 3000
    held = Content.objects.get()
    assert not ContentPage.objects.exclude(body=None).exists()
    assert objects() == [f"large/{held.id.hex[-2:]}/{held.id.hex}/{number}" for number in range(held.pages)]


def test_what_nobody_refers_to_is_removed_from_the_store(actor: Actor, started: Start, objects: Objects) -> None:
    started("rows", rows=transform(ROWS))
    work()
    assert objects()
    ContentUse.objects.all().delete()
    later(23)
    assert collecting.remove_unused() == 0
    later(25)
    assert collecting.remove_unused() == 1
    assert objects() == []


def test_what_lies_there_without_a_row_is_removed(
    actor: Actor, started: Start, objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    started("rows", rows=transform(ROWS))
    work()
    kept, stray = objects(), uuid.uuid4()
    place = places.new()
    assert place is not None
    place.write(stray, 0, b"left behind")
    assert collecting.remove_unused() == 0
    assert len(objects()) == len(kept) + 1, "somebody may be at it still"
    monkeypatch.setattr(collecting, "KEPT_UNUSED", timedelta(seconds=-1))
    Content.objects.update(kept_at=timezone.now() + timedelta(days=1))
    collecting.remove_unused()
    assert objects() == kept


def test_values_stay_where_they_were_written(
    actor: Actor, started: Start, objects: Objects, settings: Any, tmp_path: Path
) -> None:
    store, settings.CONTENT_STORE, settings.CONTENT_FOLDER = settings.CONTENT_STORE, "", str(tmp_path)
    run = started("rows -> count", rows=transform(ROWS), count=transform("=$count(steps.rows)"))
    work()
    settings.CONTENT_STORE = store
    assert len(real(run, "rows")) == 3000
    assert objects() == []

    settings.CONTENT_FOLDER = ""
    with pytest.raises(FileNotFoundError, match="LOCKGATE_CONTENT_FOLDER"):
        real(run, "rows")


def test_a_store_that_is_away_is_said_and_the_run_goes_on_when_it_is_back(
    actor: Actor, started: Start, objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "MOST_RETRIES", 0)
    with monkeypatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
        run = started("rows -> count", rows=transform(ROWS), count=transform("=$count(steps.rows)"))
        for carry_out in (work, draining.drain):
            for _ in range(executor.MOST_LAPSES + 1):
                carry_out()
                held = Run.objects.get(id=run.id)
                assert (held.state, held.lapses) == ("queued", 0)
                assert held.error is not None
                assert "Waits for the store of large values: The store" in held.error["message"]
                conftest.later(run)
    places._bucket.cache_clear()
    draining.drain()
    assert states(run) == {"run": "succeeded", "rows": "succeeded", "count": "succeeded"}
    assert real(run, "count") == 3000
    assert Run.objects.get(id=run.id).error is None


def test_what_a_call_brought_is_kept_while_the_store_is_away(
    actor: Actor, started: Start, objects: Objects, the_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call is one that nobody may repeat: an answer that was forgotten would be in doubt."""
    monkeypatch.setattr(places, "MOST_RETRIES", 0)
    monkeypatch.setattr(executor, "AGAIN_SECONDS", 0.1)
    original, away = places.Bucket.write, [3]

    def write(self: places.Bucket, *page: Any) -> None:
        if the_shop.written and away[0]:
            away[0] -= 1
            raise places.StoreAway("The store of large values did not do it.")
        original(self, *page)

    monkeypatch.setattr(places.Bucket, "write", write)
    run = started("pay", pay=act("pay", "p" * 80_000))
    draining.drain()
    assert states(run) == {"run": "succeeded", "pay": "succeeded"}
    assert (away[0], len(the_shop.written)) == (0, 1)


def test_a_folder_without_room_is_waited_for(actor: Actor, started: Start, settings: Any, tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(full)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("Only root may mount a small disk.")
    try:
        settings.CONTENT_FOLDER = str(full)
        run = started("rows", rows=transform(ROWS))
        work()
        error = Run.objects.get(id=run.id).error
        assert error is not None
        assert "No space left on device" in error["message"]
        subprocess.run(["mount", "-o", "remount,size=64m", str(full)], check=True)
        conftest.later(run)
        work()
        assert states(run) == {"run": "succeeded", "rows": "succeeded"}
        assert len(real(run, "rows")) == 3000
    finally:
        subprocess.run(["umount", str(full)], check=True)


@pytest.mark.parametrize("url", ["values", "https://values", "s3://"])
def test_an_address_that_is_none_is_refused(settings: Any, url: str) -> None:
    settings.CONTENT_STORE = url
    with pytest.raises(ValueError, match="s3://BUCKET"):
        places.new()
