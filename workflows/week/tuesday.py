"""Tuesday: a letter about storm damage is drafted, submitted, approved in three stages, and published."""

from __future__ import annotations

from functools import partial
from typing import Any

from workflows.week import cast
from workflows.week.hub import RefusedError, wait_for
from workflows.week.stage import PROD, Week

STAGES = ((cast.LENA, "Legal"), (cast.HENRIK, "Compliance"), (cast.PRIYA, "Operations"))


def play(week: Week) -> None:
    northwind, tell = week.northwind, week.telling
    tell.about(3)
    letter = northwind.draft(cast.AMARA, PROD, f"Storm damage letter {week.number}", "exstrapplication")
    model = northwind.draft(cast.AMARA, PROD, f"Storm letters {week.number}", "flowmodel", {"channel": "storm"})
    week.kept |= {"letter": letter, "model": model}
    for resource in (letter, model):
        northwind.move(cast.AMARA, PROD, resource, "REVIEW", "Please before the weekend")
    tell.exstream(
        f"Amara Diallo drafts and submits Storm damage letter {week.number}, and the flow that sends it.",
        week.exstream_page("resources"),
    )
    run = week.admin.call("POST", "installations/week-letters/run")
    tell.hub("A run finds what waits and asks people.", week.page(f"runs/{run['id']}"))
    questions = {resource: _question(week, resource) for resource in (letter, model)}
    week.kept["approval"] = questions[letter]["id"]
    _impossible(week, letter, questions[letter])
    for question in questions.values():
        for person, stage in STAGES:
            week.member(person).decide(question["id"])
            if question["id"] == questions[letter]["id"]:
                tell.hub(f"{cast.called(person)} approves for {stage}.", week.page(f"approvals/{question['id']}"))
    for resource in (letter, model):
        wait_for(partial(_approved, week, resource), "Exstream to say APPROVED")
    said = northwind.history(cast.TESSA, PROD, letter)[-1]["auditedComment"]
    tell.exstream("The letter is APPROVED; the history names everybody who decided, and when:")
    tell.exstream(f"  {said}")
    tell.about(8)
    published = week.member(cast.IT_EMEA).call(
        "POST", "delegation/acts", {"act": "publish", "domain": PROD, "object": model, "reason": "Storm season"}
    )
    done = week.admin.run_to_rest(published["id"])
    week.need(done["state"] == "succeeded", f"Publishing did not succeed: {done['error']}")
    tell.hub("Farid Schulz, who administers EMEA only, publishes the flow.", week.page(f"runs/{done['id']}"))
    live = northwind.orchestration(cast.TESSA, "GET", f"/flow-models/{PROD}/published?count=500") or {"data": []}
    week.need(any(row["flowModelId"] == model for row in live["data"]), "Exstream does not show it as published.")
    tell.exstream(f"Storm letters {week.number} is live in {PROD}.", week.exstream_page("resources"))


def _question(week: Week, resource: str) -> dict[str, Any]:
    def asked() -> dict[str, Any] | None:
        open_now = week.admin.every("approvals", state="open")
        return next((each for each in open_now if each["subject"] == f"{PROD}/{resource}"), None)

    found: dict[str, Any] = wait_for(asked, f"the question about {resource}")
    return found


def _impossible(week: Week, letter: str, question: dict[str, Any]) -> None:
    """A mail scanner, and the one who submitted it."""
    mails = wait_for(
        lambda: [each for each in week.post.to(cast.mail_of(cast.LENA)) if question["id"] in each.text] or None,
        "the mail to Lena Vogt",
    )
    week.telling.post(f"Lena Vogt is written to: {mails[0].subject}", f"file://{week.post.folder}")
    for page in (f"/approvals/{question['id']}", f"/approvals/{question['id']}/decide?approve=true"):
        week.member(cast.LENA).look_at(page)
    try:
        week.member(cast.AMARA).decide(question["id"])
        refused = ""
    except RefusedError as no:
        refused = no.detail
    week.need(bool(refused), "Whoever submitted the letter could approve it.")
    seen = week.admin.call("GET", f"approvals/{question['id']}")
    week.need(not seen["decisions"], "Opening a link decided.")
    state = week.northwind.resource(cast.TESSA, PROD, letter)["state"]
    week.need(state == "REVIEW", f"The letter is {state}.")
    week.telling.hub("A mail scanner opens every link: nothing is decided by looking.")
    week.telling.hub(f"Amara, who submitted it and is in the group of Legal, tries to approve: {refused}")


def _approved(week: Week, resource: str) -> bool | None:
    return week.northwind.resource(cast.TESSA, PROD, resource)["state"] == "APPROVED" or None
