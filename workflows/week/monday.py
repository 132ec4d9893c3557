"""Monday: somebody joins, somebody moves, somebody changes departments."""

from __future__ import annotations

from collections import Counter

from workflows.week import cast
from workflows.week.stage import PROD, Week


def play(week: Week) -> None:
    _join_and_move(week)
    _change_department(week)


def _join_and_move(week: Week) -> None:
    northwind, tell = week.northwind, week.telling
    tell.about(4)
    northwind.join(cast.NORA, title="Template designer", department="Communications", country="DE")
    northwind.set(cast.UMAR, c="SG")
    tell.otds("Nora Lindqvist joins as a template designer in Germany.", week.directory_page(cast.NORA))
    tell.otds("Umar Ibrahim, who prints, moves from Germany to Singapore.", week.directory_page(cast.UMAR))
    plan = week.admin.call("POST", f"installations/{cast.PROVISIONING}/simulate")
    changes = list(week.admin.every(f"plans/{plan['id']}/changes"))
    tell.hub(f"A simulation plans {len(changes)} changes and writes nothing:", week.page(f"plans/{plan['id']}"))
    for each in changes:
        because = ", ".join(f"{name} {value}" for name, value in (each["cause"].get("because") or {}).items())
        tell.hub(f"  {each['title']}" + (f" (rule {each['cause']['rule']}: {because})" if because else ""))
    run = week.admin.run(cast.PROVISIONING)
    week.need(run["state"] == "succeeded", f"The provisioning did not succeed: {run['error']}")
    tell.hub("A run applies exactly such a plan.", week.page(f"runs/{run['id']}"))
    week.need(northwind.sees(cast.NORA, PROD) is not None, "Nora does not see the templates of EMEA.")
    week.need(northwind.jobs(cast.UMAR, PROD) is None, "Umar still sees the jobs of EMEA.")
    week.need(northwind.jobs(cast.UMAR, "apac-prod") is not None, "Umar does not see the jobs of Asia Pacific.")
    seen = northwind.sees(cast.NORA, PROD)
    tell.exstream(f"Nora's own token sees {seen} templates in {PROD}.", week.exstream_page("who-sees-what"))
    tell.exstream(f"Umar's own token sees the jobs of apac-prod, and no longer those of {PROD}.")
    again = week.admin.call("POST", f"installations/{cast.PROVISIONING}/simulate")
    week.need(not list(week.admin.every(f"plans/{again['id']}/changes")), "A second plan finds something to do.")
    tell.hub("Planned once more, there is nothing to do.", week.page(f"plans/{again['id']}"))


def _change_department(week: Week) -> None:
    northwind, tell = week.northwind, week.telling
    tell.about(1)
    first = week.admin.run("week-access")
    week.need(first["state"] == "succeeded", f"Role-based access did not succeed: {first['error']}")
    week.need(northwind.sees(cast.KIRA, "group-shared") is None, "Kira sees the shared templates already.")
    northwind.set(cast.KIRA, oTDepartment="Compliance")
    tell.otds("Kira Ueda changes from Finance to Compliance.", week.directory_page(cast.KIRA))
    run = week.admin.run("week-access")
    plan = next(step["output"] for step in run["steps"] if step["step"] == "plan")
    changes = list(week.admin.every(f"plans/{plan['id']}/changes"))
    told = Counter(each["title"] for each in changes)
    week.need(len(changes) == 1, f"Not exactly one change was planned: {dict(told)}")
    tell.hub(f"The run changes exactly one row: {changes[0]['title']}.", week.page(f"plans/{plan['id']}"))
    week.need(northwind.sees(cast.KIRA, "group-shared") is not None, "Kira does not see the shared templates.")
    tell.exstream("Kira's own token sees group-shared now.", week.exstream_page("who-sees-what"))
    why = week.admin.call("GET", "installations/week-access/access", person=cast.KIRA)
    week.kept["kira"] = why
    tell.hub("Why: she is in see.group-shared.approver by rule 2, department Compliance, country DE.")
