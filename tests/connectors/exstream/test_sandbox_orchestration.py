"""The sandbox's Orchestration service behaves as the reference says."""

from __future__ import annotations

import base64
import time

import pytest
import requests

from tests.connectors.exstream.conftest import AMARA, GWEN, HENRIK, OPERATOR, TESSA, Stage

O = "/orchestration"  # noqa: E741
RUN = f"{O}/runtime/emea-prod"


def _submit(stage: Stage, service: str = "statements") -> list[dict]:
    reply = stage.ask(OPERATOR, "POST", f"{O}/inputs/batch/emea-prod/{service}", data="<customers/>")
    assert reply.status_code == 200
    rows: list[dict] = reply.json()["data"]
    return rows


def _job(stage: Stage, job: str) -> dict:
    found: dict = stage.ask(OPERATOR, "GET", f"{RUN}/jobs/{job}").json()["data"]
    return found


def _advance(stage: Stage, steps: int) -> None:
    assert requests.post(f"{stage.base_url}/_sandbox/advance?steps={steps}", timeout=5).ok


def test_one_submit_makes_one_job_and_an_instance_per_published_model(stage: Stage) -> None:
    rows = _submit(stage)

    assert len(rows) == 2
    assert len({row["jobId"] for row in rows}) == 1
    assert {row["status"] for row in rows} == {"started"}
    job = _job(stage, rows[0]["jobId"])
    assert (job["status"], job["triggeredBy"], job["mode"]) == ("started", OPERATOR, "BATCH")


def test_a_job_completes_step_by_step(stage: Stage) -> None:
    row = _submit(stage)[0]

    _advance(stage, 2)
    assert _job(stage, row["jobId"])["status"] == "started"
    _advance(stage, 5)

    assert _job(stage, row["jobId"])["status"] == "complete"
    params = {"filter": f"flowInstanceId:{row['id']};stepTypes:output"}
    step = stage.ask(OPERATOR, "GET", f"{RUN}/flow-steps", params=params).json()["data"][0]
    assert step["status"] == "complete"
    path = f"{RUN}/flow-steps/{step['id']}"
    assert "outputList" in stage.ask(OPERATOR, "GET", f"{path}/delivery-file").text
    name = stage.ask(OPERATOR, "GET", f"{path}/delivery-file/outputs").json()["data"][0]["name"]
    assert stage.ask(OPERATOR, "GET", f"{path}/artifact/{name}").content.startswith(b"%PDF-1.4")
    assert "ended" in stage.ask(OPERATOR, "GET", f"{path}/message-file").text


def test_jobs_go_on_by_themselves(open_stage) -> None:
    stage = open_stage(step_seconds=0.02)
    job = _submit(stage)[0]["jobId"]

    end = time.monotonic() + 20
    while _job(stage, job)["status"] != "complete":
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_held_flow_waits_until_it_is_released(stage: Stage) -> None:
    row = _submit(stage, "held-statements")[0]
    _advance(stage, 9)
    assert _job(stage, row["jobId"])["status"] == "holding"
    release = f"{RUN}/flow-instances/{row['id']}/release"

    assert stage.ask(OPERATOR, "POST", release).status_code == 200
    assert stage.ask(OPERATOR, "POST", release).status_code == 409
    _advance(stage, 5)

    assert _job(stage, row["jobId"])["status"] == "complete"


def test_a_stopped_job_is_canceled_and_can_be_run_again(stage: Stage) -> None:
    job = _submit(stage)[0]["jobId"]
    path = f"{RUN}/jobs/{job}"

    assert stage.ask(OPERATOR, "DELETE", path).status_code == 409
    assert stage.ask(OPERATOR, "POST", f"{path}/reprocessing").status_code == 409
    assert stage.ask(OPERATOR, "POST", f"{path}/stop").status_code == 200
    assert _job(stage, job)["status"] == "canceled"
    assert stage.ask(OPERATOR, "POST", f"{path}/stop").status_code == 409
    assert stage.ask(OPERATOR, "POST", f"{path}/reprocessing").status_code == 200
    _advance(stage, 9)
    assert _job(stage, job)["status"] == "complete"
    assert stage.ask(OPERATOR, "DELETE", path).status_code == 200
    ids = {"filter": f"ids:{job}"}
    assert stage.ask(OPERATOR, "GET", f"{RUN}/jobs", params=ids).json()["data"] == []
    assert stage.ask(OPERATOR, "GET", f"{RUN}/jobs", params={**ids, "fetchDeleted": "true"}).json()["data"]


@pytest.mark.parametrize(
    ("style", "params"),
    [("packed", {"filter": "statuses:error,canceled;mode:BATCH"}), ("dotted", {"filter.statuses": "error,canceled"})],
)
def test_jobs_are_filtered_in_both_styles(open_stage, style, params) -> None:
    stage = open_stage(orchestration_filter_style=style)

    found = stage.ask(OPERATOR, "GET", f"{RUN}/jobs", params=params).json()["data"]

    assert {row["status"] for row in found} == {"error"}
    assert "address" in found[0]["msg"]


def test_jobs_are_seen_with_monitor_in_their_domain_only(stage: Stage) -> None:
    assert stage.ask(OPERATOR, "GET", f"{RUN}/jobs").status_code == 200
    assert stage.ask(AMARA, "GET", f"{RUN}/jobs").status_code == 403
    assert stage.ask(OPERATOR, "GET", f"{O}/runtime/uk-prod/jobs").status_code == 403


def test_what_a_run_used_is_known_only_where_jobs_are_traced(stage: Stage) -> None:
    def traced(domain: str) -> list[str]:
        runs = stage.ask(TESSA, "GET", f"{O}/runtime/{domain}/flow-instances").json()["data"]
        path = f"{O}/runtime/{domain}/flow-instances/{runs[0]['id']}/collection-resources"
        ids: list[str] = stage.ask(TESSA, "GET", path).json()["data"]
        return ids

    assert traced("uk-prod") == []
    details = stage.ask(
        TESSA, "POST", "/design/collection-resources/collection-details", json=traced("emea-prod")
    ).json()
    assert ("Renewal notice", HENRIK) in [(row["name"], row["approvedBy"]) for row in details["data"]]


def test_publishing_needs_an_approved_version_and_replaces_the_earlier_one(stage: Stage) -> None:
    draft = stage.resource("emea-prod", "flowmodel", "Next year's statements")["id"]
    model = stage.resource("emea-prod", "flowmodel", "Monthly statements")["id"]
    path = f"{O}/flow-models/emea-prod"

    assert stage.ask(HENRIK, "POST", f"{path}/{draft}/publish").status_code == 409
    assert stage.ask(AMARA, "POST", f"{path}/{model}/publish").status_code == 403
    assert stage.ask(HENRIK, "POST", f"{path}/{model}/publish").status_code == 200
    snapshots = stage.ask(HENRIK, "GET", f"{RUN}/flow-model-snapshots").json()["data"]
    mine = [row for row in snapshots if row["flowModelId"] == model]
    assert [(row["publishedBy"], row["unpublishDate"] is None) for row in mine] == [(TESSA, False), (HENRIK, True)]
    assert stage.ask(AMARA, "DELETE", f"/design/resources/emea-prod/{model}").status_code == 409
    assert stage.ask(HENRIK, "POST", f"{path}/{model}/unpublish").status_code == 200
    assert len(_submit(stage)) == 1


def test_a_communication_is_composed_as_pdf(stage: Stage) -> None:
    notice = stage.resource("emea-prod", "exstrapplication", "Renewal notice")["id"]
    headers = {"communicationId": notice, "driverDataSource": "CUSTOMER", "Content-Type": "application/xml"}
    path = f"{O}/inputs/ondemand/emea-prod/generate"

    wrapped = stage.ask(AMARA, "POST", path, headers=headers, data="<c/>").json()["data"][0]
    raw = stage.ask(AMARA, "POST", path, headers={**headers, "Accept": "application/pdf"}, data="<c/>")

    assert base64.b64decode(wrapped["content"]).startswith(b"%PDF-1.4")
    assert wrapped["engineOutputContext"]["queueName"] == "PDF Queue"
    assert raw.content.endswith(b"%%EOF\n")
    assert stage.ask(AMARA, "POST", path, headers=headers, data="").json()["status"] == "error"
    assert stage.ask(GWEN, "POST", path, headers=headers, data="<c/>").status_code == 403


def test_the_pages_show_who_sees_what_resources_and_jobs(stage: Stage) -> None:
    for path, words in (
        ("who-sees-what", "exs.uk-prod.designer@Northwind"),
        ("resources", "marcus.webb@Northwind"),
        ("job-list", "Monthly statements: error"),
        ("advance", "<button"),
    ):
        page = requests.get(f"{stage.base_url}/_sandbox/{path}", timeout=5)
        assert (page.status_code, words in page.text) == (200, True), path
