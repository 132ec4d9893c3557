"""Thursday: a regional administrator reaches for the border, and somebody gives a right past the policy."""

from __future__ import annotations

from typing import Any

from workflows.week import cast
from workflows.week.hub import RefusedError, wait_for
from workflows.week.stage import PROD, Week

DESIGNERS = f"exs.{PROD}.designer@Northwind"


def play(week: Week) -> None:
    _border(week)
    _policy(week)


def _border(week: Week) -> None:
    tell, emea, northwind = week.telling, week.member(cast.IT_EMEA), week.northwind
    tell.about(8)
    mine = [each["name"] for each in emea.call("GET", "delegation/domains")["items"]]
    tell.hub(f"Farid Schulz is shown {' and '.join(mine)}, and nothing else.")
    foreign = str(northwind.named(cast.TESSA, "uk-prod", "Renewal notice"))
    refused = {}
    for what, path, body in (
        ("lists uk-prod", "delegation/domains/uk-prod/resources", None),
        ("exports uk-prod", "delegation/domains/uk-prod/resources?as=csv", None),
        ("lists a domain that is not there", "delegation/domains/no-such/resources", None),
        ("locks a British template", "delegation/acts", {"act": "lock", "domain": "uk-prod", "object": foreign}),
    ):
        try:
            emea.call("POST" if body else "GET", path, body)
        except RefusedError as no:
            refused[what] = f"{no.status}, {no.detail}"
    week.need(len(refused) == 4, f"Something beyond the border could be reached: {refused}")
    for what, said in refused.items():
        tell.hub(f"He {what}: {said}")
    guessed = emea.call("POST", "delegation/acts", {"act": "lock", "domain": PROD, "object": foreign})
    run = week.admin.run_to_rest(guessed["id"])
    week.need(run["state"] == "failed", "A guessed identifier was acted on.")
    tell.hub(
        "He guesses the template's identifier: the run is stopped at the border.", week.page(f"runs/{run['id']}")
    )
    week.need(not northwind.resource(cast.TESSA, "uk-prod", foreign)["locked"], "The British template is locked.")
    tell.exstream("The British template is as it was, not locked.")
    wish = {
        "act": "promote", "domain": PROD, "object": week.kept["letter"], "target": "uk-prod", "across": True,
            "reason": "The storm crosses the Channel"}  # fmt: skip
    asked = emea.call("POST", "delegation/acts", wish)
    question = wait_for(lambda: _asked(week, asked["id"]), "the question across the border")
    tell.hub("He asks for the letter to be shared with uk-prod.", week.page(f"approvals/{question}"))
    for person in (cast.IT_UK, cast.TESSA):
        week.member(person).decide(question)
        tell.hub(f"{cast.called(person)} approves exactly that.")
    done = week.admin.run_to_rest(asked["id"])
    week.need(done["state"] == "succeeded", f"It was approved and not done: {done['error']}")
    homes = {each["id"] for each in northwind.resource(cast.TESSA, PROD, week.kept["letter"])["domains"]}
    week.need(homes == {PROD, "uk-prod"}, f"The letter is in {homes}.")
    tell.exstream("The letter is in emea-prod and uk-prod.", week.exstream_page("resources"))


def _asked(week: Week, run: str) -> str | None:
    found = list(week.admin.every("approvals", run=run))
    return str(found[0]["id"]) if found else None


def _policy(week: Week) -> None:
    tell, northwind = week.telling, week.northwind
    tell.about(6)
    _own_everything(week)
    body = {"domain": {"id": PROD}, "group": DESIGNERS, "roleName": "approver"}
    week.need(northwind.design(cast.TESSA, "POST", "/group-roles", body) is not None, "Tessa may not give roles.")
    tell.exstream(
        "Tessa Brandt lets all designers of EMEA approve, past the policy.", week.exstream_page("who-sees-what")
    )
    run = week.admin.run("week-governance")
    found = next(step["output"] for step in run["steps"] if step["step"] == "find")
    codes = {each["code"] for each in found["findings"]}
    week.need({"excess-right", "can-check-own-work"} <= codes, f"The excess right was not found: {codes}")
    tell.hub(f"{found['count']} findings, {found['new_count']} of them new.", week.page(f"runs/{run['id']}"))
    for each in found["findings"]:
        if each["code"] in {"excess-right", "can-check-own-work"}:
            tell.hub(f"  {each['message']}")
    letters = wait_for(lambda: week.post.to(cast.BOARD) or None, "the letter to the board")
    tell.post(f"{cast.BOARD}: {letters[-1].subject}")
    plan = next(step["output"] for step in run["steps"] if step["step"] == "plan")
    shown = week.member(cast.HENRIK).call("GET", f"plans/{plan['id']}")
    decision = {"approve": True, "digest": shown["digest"], "comment": "As the policy says."}
    week.member(cast.HENRIK).call("POST", f"plans/{plan['id']}/decide", decision)
    week.member(cast.TESSA).call("POST", f"plans/{plan['id']}/apply")
    tell.hub("Henrik Olsen approves the repair, and it is applied.", week.page(f"plans/{plan['id']}"))
    rows: list[dict[str, Any]] = (northwind.design(cast.TESSA, "GET", f"/group-roles/{PROD}") or {"data": []})["data"]
    given = {row["roleName"] for row in rows if row["group"] == DESIGNERS}
    week.need(given == {"designer"}, f"The designers' group has the roles {given}.")
    tell.exstream("The designers' group has the role designer, and no other.")


def _own_everything(week: Week) -> None:
    """Amara answers for each template that nobody else does."""
    kinds = ("exstrapplication", "documentdefinition", "flowmodel")
    found = [
        row
        for kind in kinds
        for row in (
            week.northwind.design(
                cast.TESSA, "GET", f"/resources/{PROD}",
                query={"filter.types": kind, "filter.latestVersion": "true", "count": "500"},
            )
            or {"data": []}
        )["data"]
    ]  # fmt: skip
    held = {each["resource"] for each in week.admin.every("owners", domain=PROD)}
    for row in found:
        if row["id"] not in held:
            body = {"exstream": "exstream", "domain": PROD, "resource": row["id"], "name": row["name"],
                    "owner": week.northwind.whole(cast.AMARA)}  # fmt: skip
            week.admin.call("PUT", "owners", body)
