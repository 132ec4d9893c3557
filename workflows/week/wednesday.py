"""Wednesday: requests are routed by who asks; jobs end well and badly, and the right people hear of it once."""

from __future__ import annotations

from typing import Any

import requests

from workflows.week import cast
from workflows.week.hub import wait_for
from workflows.week.stage import PROD, Week


def play(week: Week) -> None:
    _route(week)
    _tell(week)


def _route(week: Week) -> None:
    tell = week.telling
    tell.about(2)
    good = _call(
        week,
        {"owner": cast.AMARA, "kind": "storm", "data": "<customers><customer id='1'/></customers>"},
        {"owner": "gwen.parry", "kind": "renewal", "data": "<customers/>"},
        {"owner": "nobody.known", "kind": "renewal", "data": "<customers/>"},
    )
    week.need(good["state"] == "succeeded", f"The requests were not routed: {good['error']}")
    items = _items(good)
    tell.hub("The claims system calls the webhook with three requests.", week.page(f"runs/{good['id']}"))
    for each in items:
        asked = ", ".join(f"{name} {value}" for name, value in each["record"].items())
        tell.hub(f"  {asked}: {each['lane']}, {each['give']['domain']}/{each['give']['service']}")
        tell.exstream(f"Job {each['job']} is {each['status']}.", week.exstream_page("job-list"))
    week.need(
        [each["lane"] for each in items] == ["row 1", "row 3", "by-hand"], "They went other ways than they should."
    )
    week.kept["job"] = items[0]["job"]
    alarm = wait_for(
        lambda: [each for each in week.post.to(cast.LANES) if items[2]["job"] in each.text] or None, "the alert"
    )
    tell.post(f"{cast.LANES}: {alarm[0].subject}")
    bad = _call(week, {"owner": cast.AMARA, "kind": "old-address", "data": "<customers/>"})
    week.need(bad["state"] == "failed", "A job that ended in error did not make the run fail.")
    week.kept |= {"failed_run": bad["id"], "routed_run": good["id"]}
    tell.hub(
        f"A fourth request fails, and the run says so: {bad['error']['message']}", week.page(f"runs/{bad['id']}")
    )


def _tell(week: Week) -> None:
    tell, northwind = week.telling, week.northwind
    tell.about(5)
    jobs = northwind.jobs(cast.TESSA, PROD) or []
    failed = max((job for job in jobs if job["status"] == "error"), key=lambda job: int(job["startDate"]))
    week.kept["failed_job"] = failed["id"]
    tell.exstream(f"Job {failed['id']} of storm-old ended in error.", week.exstream_page("job-list"))
    run = week.admin.run("week-news")
    week.need(run["state"] == "succeeded", f"The lists were not told: {run['error']}")
    tell.hub("A run tells the lists of what ended.", week.page("deliveries"))
    heard = wait_for(lambda: _heard(week, failed["id"]), "the letters about the failed job")
    week.need(heard == {cast.mail_of(cast.PRIYA): 1, cast.VENDOR: 1}, f"Others were told than should be: {heard}")
    again = week.admin.run("week-news")
    week.need(again["state"] == "succeeded", f"The second run failed: {again['error']}")
    week.need(_heard(week, failed["id"]) == heard, "Somebody was told twice.")
    letter = next(each for each in week.post.to(cast.VENDOR) if failed["id"] in each.subject)
    tell.post(f"Priya Nair and the print vendor: {letter.subject}", f"file://{week.post.folder}")
    why = {
        each["person"]: each["reason"]
        for each in week.admin.every("deliveries", state="withheld")
        if failed["id"] in each["notice"]["topic"]
    }
    tell.hub(f"Not told, and why: {', '.join(f'{who} ({reason})' for who, reason in sorted(why.items()))}.")
    tell.hub("A second run tells nobody twice.", week.page(f"runs/{again['id']}"))


def _heard(week: Week, job: str) -> dict[str, int] | None:
    found: dict[str, int] = {}
    for each in week.post.letters:
        if job in each.subject:
            found[each.to] = found.get(each.to, 0) + 1
    return found if len(found) >= 2 else None


def _call(week: Week, *asked: dict[str, Any]) -> dict[str, Any]:
    """The claims system calls the webhook; the run once it rests."""
    trigger = next(
        each
        for each in week.admin.call("GET", "workflows/week-routing/triggers")["items"]
        if each["kind"] == "webhook"
    )
    if "secret" not in week.kept:
        week.kept["secret"] = week.admin.call("POST", f"triggers/{trigger['id']}/secret")["secret"]
    headers = {"Authorization": f"Bearer {week.kept['secret']}"}
    reply = requests.post(trigger["address"], json={"requests": list(asked)}, headers=headers, timeout=30)
    week.need(reply.status_code == 202, f"The webhook answered {reply.status_code}: {reply.text[:300]}")
    return week.admin.run_to_rest(reply.json()["run"])


def _items(run: dict[str, Any]) -> list[dict[str, Any]]:
    step = next(each for each in run["steps"] if each["step"] == "route" and not each["item"])
    return list(step["output"]["items"])
