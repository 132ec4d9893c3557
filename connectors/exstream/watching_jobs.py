"""Notices that jobs ended. Exstream has no feed: jobs are asked for by day and told apart by what is remembered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.scope import domains_of
from hub.sdk import Cursor, Fields, Happening, Kept, Memory, OpenFields, Poll, field


class Watched(Fields):
    """Which jobs a workflow hears of."""

    domains: list[str] = field("Domains", default=[], choices="domains", help="None means all.")
    channel: str = field("Channel", default="", help="None means all.")


class EndedJob(OpenFields):
    """The job; `problems` has the messages of its flow instances."""

    domain: str
    id: str
    status: str
    problems: list[str] = []


def poll_jobs(
    input: Watched, client: ExstreamClient, cursor: Cursor | None, memory: Memory, statuses: list[str], kind: str
) -> Poll:
    """Jobs that ended since the last poll. A job that is run again ends again, and is reported again.

    Filters have the precision of a day, so the cursor is the day before the newest end, and memory holds every
    end since then. A job deleted between two polls is not seen.
    """
    since = str(cursor["since"]) if cursor else (datetime.now(UTC).date() - timedelta(days=1)).isoformat()
    happenings, warnings, newest = [], [], since
    for domain in domains_of(client, input.domains):
        wanted = {"statuses": statuses, "channel": input.channel, "endDateStart": since}
        listing = client.orchestration.jobs(domain, wanted)
        rows = list(listing.items(lambda row: str(row.get("id"))))
        if trouble := listing.problem():
            warnings.append(f"{domain}: {trouble}")
        for row in rows:
            ended = str(row.get("endDate") or "")
            key = f"{domain}|{row['id']}"
            if row.get("status") not in statuses or not ended or _digest(memory, key) == ended:
                continue
            memory.put(key, Kept(ended))
            newest = max(newest, ended[:10])
            if cursor is not None:
                happenings.append(_happening(kind, client, domain, row, ended))
    after = since if warnings else max(since, _day_before(newest))
    _forget(memory, after)
    happenings.sort(key=lambda each: (each.at, each.id))
    return Poll(happenings, {"since": after}, warnings=tuple(warnings))


def _happening(kind: str, client: ExstreamClient, domain: str, row: dict[str, Any], ended: str) -> Happening:
    problems = [str(row["msg"])] if row.get("msg") else []
    if row["status"] == "error":
        listing = client.orchestration.flow_instances(domain, {"jobId": row["id"]})
        said = [str(each["msg"]) for each in listing.items(lambda each: str(each.get("id"))) if each.get("msg")]
        problems = list(dict.fromkeys([*problems, *said]))
    data = {**row, "domain": domain, "problems": problems}
    return Happening(f"{row['id']}|{ended}", kind, f"{domain}/{row['id']}", ended, data)


def _digest(memory: Memory, key: str) -> str:
    kept = memory.get_many([key]).get(key)
    return kept.digest if kept else ""


def _forget(memory: Memory, since: str) -> None:
    """What ended before the cursor is not asked for again."""
    keys = list(memory.keys())
    for key, kept in memory.get_many(keys).items():
        if kept.digest[:10] < since:
            memory.drop(key)


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
