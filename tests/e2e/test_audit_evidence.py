"""Audit evidence over both sandboxes: what is collected, and what a pack proves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.evidence import Auditing, verdict
from tests.e2e.news import News


@pytest.fixture
def auditing(news: News) -> Auditing:
    return Auditing(news)


def test_a_collection_keeps_what_ran_changed_was_approved_and_published(auditing: Auditing, tmp_path: Path) -> None:
    auditing.install()
    run = auditing.collect()
    assert run.state == "succeeded", run.error

    approved = [each for each in auditing.records(kind="history") if each["state"] == "APPROVED"]
    assert approved[0]["record"].person == "henrik.olsen@Northwind"
    assert {each["status"] for each in auditing.records(kind="job")} >= {"complete", "error"}
    assert auditing.records(kind="published")[0]["publishedBy"] == "tessa.brandt@Northwind"
    used = [each for each in auditing.records(kind="used-resource", domain="emea-prod") if each["traced"]]
    assert used[0]["approvedBy"]
    assert auditing.is_whole()

    folder = auditing.pack(tmp_path)
    assert verdict(folder) == (0, verdict(folder)[1])
    assert "WHOLE" in verdict(folder)[1]


def test_a_second_collection_keeps_nothing_twice(auditing: Auditing) -> None:
    auditing.install()
    auditing.collect()
    before = auditing.count()
    assert auditing.collect().state == "succeeded"
    assert auditing.count() == before
