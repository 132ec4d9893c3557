"""The sandbox's Design service behaves as the reference says."""

from __future__ import annotations

import io
import zipfile

import orjson
import pytest

from tests.connectors.exstream.conftest import AMARA, GWEN, HENRIK, OPERATOR, OUTSIDER, TESSA, Stage

D = "/design/resources"


def _state(stage: Stage, person: str, domain: str, resource: str, state: str, comment: str = ""):
    return stage.ask(
        person, "PUT", f"{D}/{domain}/{resource}/state", json={"state": state, "auditedComment": comment}
    )


def test_a_page_says_how_much_there_is_and_dates_are_epoch_milliseconds(stage: Stage) -> None:
    reply = stage.ask(AMARA, "GET", f"{D}/emea-prod", params={"count": 3, "offset": 3}).json()

    assert reply["status"] == "success"
    assert len(reply["data"]) == 3
    assert reply["page"]["pageOffset"] == 3
    assert reply["page"]["totalPages"] == -(-reply["page"]["totalElements"] // 3)
    assert isinstance(reply["data"][0]["createdDate"], int)


def test_offset_counts_pages_and_dates_are_texts_when_the_settings_say_so(open_stage) -> None:
    stage = open_stage(paging_style="pages", date_style="iso")
    whole = stage.ask(AMARA, "GET", f"{D}/emea-prod", params={"count": 100}).json()["data"]
    second = stage.ask(AMARA, "GET", f"{D}/emea-prod", params={"count": 3, "offset": 1}).json()["data"]

    assert [row["id"] for row in second] == [row["id"] for row in whole[3:6]]
    assert second[0]["createdDate"].startswith("20")


@pytest.mark.parametrize(
    ("style", "params"),
    [
        ("dotted", {"filter.types": "designer", "filter.states": "APPROVED", "filter.name": "Renewal notice"}),
        ("packed", {"filter": "types:designer;states:APPROVED;name:Renewal notice"}),
    ],
)
def test_filters_are_understood_in_the_style_of_the_setting_only(open_stage, style, params) -> None:
    stage = open_stage(design_filter_style=style)
    other = open_stage(design_filter_style="packed" if style == "dotted" else "dotted")

    found = stage.ask(AMARA, "GET", f"{D}/emea-prod", params=params).json()["data"]

    assert {row["type"] for row in found} == {"exstrapplication", "exstrdocument"}
    assert len(other.ask(AMARA, "GET", f"{D}/emea-prod", params=params).json()["data"]) > len(found)


def test_without_a_good_token_nothing_is_answered(stage: Stage) -> None:
    for headers in (
        {"Authorization": ""},
        {"Authorization": f"Bearer {stage.tokens.token(AMARA, lives=-1)}"},
        {"Authorization": f"Bearer {stage.tokens.token(AMARA, kid='other')}"},
        {"Authorization": f"Bearer {stage.tokens.token(AMARA)[:-8]}AAAAAAAA"},
    ):
        assert stage.ask(AMARA, "GET", "/design/domains", headers=headers).status_code == 401


def test_any_role_reads_all_of_a_domain_and_no_role_reads_nothing(stage: Stage) -> None:
    assert stage.ask(OPERATOR, "GET", f"{D}/emea-prod").status_code == 200
    assert stage.ask(OPERATOR, "GET", f"{D}/uk-prod").status_code == 403
    assert stage.ask(OUTSIDER, "GET", f"{D}/emea-prod").status_code == 403
    assert stage.ask(OUTSIDER, "GET", "/design/domains").json()["data"] == []


def test_a_change_of_groups_takes_effect_with_a_new_token(stage: Stage) -> None:
    old = {"Authorization": f"Bearer {stage.tokens.token(OUTSIDER)}"}
    stage.tokens.groups[OUTSIDER].append("exs.uk-prod.operator@Northwind")
    try:
        assert stage.ask(OUTSIDER, "GET", f"{D}/uk-prod", headers=old).status_code == 403
        assert stage.ask(OUTSIDER, "GET", f"{D}/uk-prod").status_code == 200
    finally:
        stage.tokens.groups[OUTSIDER].pop()


def test_rights_are_the_union_of_all_roles(stage: Stage) -> None:
    path = "/design/permissions/uk-prod/resources"
    mine = stage.ask(GWEN, "GET", path, params={"resourceType": "image"}).json()["data"][0]["permissions"]
    group = {"resourceType": "image", "groupId": "exs.uk-prod.approver@Northwind"}

    assert mine == "APPROVE,CREATE,DELETE,READ,WRITE"
    assert stage.ask(GWEN, "GET", path, params=group).json()["data"][0]["permissions"] == "APPROVE,READ"


def test_a_template_goes_from_file_to_approval_and_on_to_version_two(stage: Stage) -> None:
    query = {"name": "New letter", "type": "exstrapplication"}
    made = stage.ask(AMARA, "POST", f"{D}/emea-prod/content", params=query, files={"file": ("a.bin", b"one")})
    assert made.status_code == 201
    letter = made.json()["data"]["id"]
    content = f"{D}/emea-prod/{letter}/content"

    assert _state(stage, AMARA, "emea-prod", letter, "REVIEW", "please").status_code == 200
    assert stage.ask(AMARA, "PUT", content, files={"file": ("a.bin", b"two")}).status_code == 409
    assert _state(stage, AMARA, "emea-prod", letter, "APPROVED").status_code == 403
    assert _state(stage, HENRIK, "emea-prod", letter, "APPROVED", "fine").json()["data"]["version"] == 1
    draft = _state(stage, AMARA, "emea-prod", letter, "DRAFT").json()["data"]
    assert (draft["version"], draft["state"]) == (2, "DRAFT")
    assert stage.ask(AMARA, "PUT", content, files={"file": ("a.bin", b"two")}).status_code == 200
    assert stage.ask(AMARA, "GET", content, params={"version": 1}).content == b"one"
    approved = {"filter.states": "APPROVED", "filter.latestVersion": "true", "filter.name": "New letter"}
    assert stage.ask(AMARA, "GET", f"{D}/emea-prod", params=approved).json()["data"][0]["version"] == 1
    history = stage.ask(AMARA, "GET", f"{D}/emea-prod/history/{letter}").json()["data"]
    named = [(row["state"], row["modifiedBy"], row["auditedComment"]) for row in history]
    assert ("APPROVED", HENRIK, "fine") in named


def test_children_are_approved_before_their_parents(stage: Stage) -> None:
    reply = stage.resource("emea-prod", "documentdefinition", "Complaint reply")
    clause = stage.resource("emea-prod", "exstrparagraph", "Data protection clause")

    refused = _state(stage, HENRIK, "emea-prod", reply["id"], "APPROVED")
    assert (refused.status_code, refused.json()["details"]) == (409, "childrenNotApproved")
    stage.ask(TESSA, "DELETE", f"{D}/emea-prod/{clause['id']}/lock", params={"force": "true"})
    _state(stage, AMARA, "emea-prod", clause["id"], "REVIEW")
    _state(stage, HENRIK, "emea-prod", clause["id"], "APPROVED")
    assert _state(stage, HENRIK, "emea-prod", reply["id"], "APPROVED").status_code == 200


def test_the_bulk_change_sorts_its_failures(stage: Stage) -> None:
    clause = stage.resource("emea-prod", "exstrparagraph", "Data protection clause")["id"]
    draft = stage.resource("emea-prod", "exstrapplication", "Policy schedule")["id"]
    approved = stage.resource("emea-prod", "exstrapplication", "Renewal notice")["id"]
    body = {"state": "REVIEW", "resourceIds": [clause, draft, approved, "none"]}

    sorted_ids = stage.ask(AMARA, "PUT", f"{D}/emea-prod/state", json=body).json()["data"]
    nowhere = stage.ask(TESSA, "PUT", f"{D}/mars/state", json=body).json()["data"]
    denied = stage.ask(OPERATOR, "PUT", f"{D}/emea-prod/state", json={**body, "resourceIds": [clause]})

    assert sorted_ids["succeeded"] == [draft]
    assert sorted_ids["locked"] == [clause]
    assert sorted_ids["invalidState"] == [approved]
    assert sorted_ids["unexpected"] == ["none"]
    assert nowhere["domainNotFound"] == body["resourceIds"]
    assert denied.json()["data"]["permissionDenied"] == [clause]


def test_the_bulk_deletion_sorts_its_failures(stage: Stage) -> None:
    clause = stage.resource("emea-prod", "exstrparagraph", "Data protection clause")["id"]
    draft = stage.resource("emea-prod", "exstrapplication", "Policy schedule")["id"]
    body = {"resources": [{"id": clause}, {"id": draft}, {"id": "none"}]}

    found = stage.ask(AMARA, "DELETE", f"{D}/emea-prod/delete-bulk", json=body).json()["data"]

    assert (found["locked"], found["deleted"], found["notFound"]) == ([clause], [draft], ["none"])


def test_the_simple_workflow_knows_no_review(stage: Stage) -> None:
    draft = stage.resource("emea-dev", "exstrdocument", "Policy schedule")["id"]

    assert _state(stage, TESSA, "emea-dev", draft, "REVIEW").status_code == 409
    assert _state(stage, TESSA, "emea-dev", draft, "APPROVED").status_code == 200


def test_who_submitted_may_not_approve_where_that_is_restricted(stage: Stage) -> None:
    stage.ask(TESSA, "DELETE", _lock(stage, "uk-prod", "Policy schedule"), params={"force": "true"})
    draft = stage.resource("uk-prod", "exstrapplication", "Policy schedule")["id"]
    document = stage.resource("uk-prod", "exstrdocument", "Policy schedule")["id"]
    for each in (document, draft):
        _state(stage, GWEN, "uk-prod", each, "REVIEW")

    assert _state(stage, GWEN, "uk-prod", document, "APPROVED").status_code == 403
    assert _state(stage, HENRIK, "uk-prod", document, "APPROVED").status_code == 200


def _lock(stage: Stage, domain: str, name: str) -> str:
    return f"{D}/{domain}/{stage.resource(domain, 'exstrapplication', name)['id']}/lock"


def test_an_approval_chain_waits_for_each_level(stage: Stage) -> None:
    imprint = stage.resource("group-shared", "exstrparagraph", "Group imprint")["id"]
    approver = {"domain": {"id": "group-shared"}, "group": "dept.claims@Northwind", "roleName": "approver"}
    stage.ask(TESSA, "POST", "/design/group-roles", json=approver)
    _state(stage, TESSA, "group-shared", imprint, "REVIEW")

    assert _state(stage, TESSA, "group-shared", imprint, "APPROVED").status_code == 403
    assert _state(stage, OUTSIDER, "group-shared", imprint, "APPROVED").json()["data"]["state"] == "REVIEW"
    waiting = stage.ask(TESSA, "GET", f"{D}/group-shared/{imprint}", params={"fetchApproval": "true"}).json()["data"]
    assert [each["pending"] for each in waiting["approvalInfo"]["approvals"]] == [False, True]
    assert _state(stage, TESSA, "group-shared", imprint, "APPROVED").json()["data"]["state"] == "APPROVED"


def test_a_lock_keeps_others_out_until_an_administrator_breaks_it(stage: Stage) -> None:
    path = _lock(stage, "uk-prod", "Policy schedule")
    resource = path.removesuffix("/lock")

    assert stage.ask(GWEN, "PUT", resource, json={"description": "x"}).status_code == 409
    assert stage.ask(GWEN, "DELETE", path).status_code == 409
    assert stage.ask(GWEN, "DELETE", path, params={"force": "true"}).status_code == 403
    assert stage.ask(TESSA, "DELETE", path, params={"force": "true"}).status_code == 200
    assert stage.ask(GWEN, "PUT", resource, json={"description": "x"}).json()["data"]["description"] == "x"


def test_promoting_takes_along_what_is_used_and_demoting_leaves_it(stage: Stage) -> None:
    notice = stage.resource("emea-prod", "exstrapplication", "Renewal notice")["id"]
    draft = stage.resource("emea-prod", "exstrapplication", "Policy schedule")["id"]
    target = {"id": "group-shared"}

    assert stage.ask(TESSA, "PUT", f"{D}/emea-prod/{draft}/promote", json=target).status_code == 409
    assert stage.ask(AMARA, "PUT", f"{D}/emea-prod/{notice}/promote", json=target).status_code == 403
    assert stage.ask(TESSA, "PUT", f"{D}/emea-prod/{notice}/promote", json=target).status_code == 200
    params = {"count": 100}
    there = {row["name"] for row in stage.ask(TESSA, "GET", f"{D}/group-shared", params=params).json()["data"]}
    assert {"Renewal notice", "Northwind logo", "PDF Queue"} <= there
    assert stage.ask(TESSA, "PUT", f"{D}/emea-prod/{notice}/demote", json=target).status_code == 200
    left = stage.ask(TESSA, "GET", f"{D}/group-shared", params=params).json()["data"]
    assert "exstrapplication" not in {row["type"] for row in left}
    assert "Northwind logo" in {row["name"] for row in left}


def test_hiding_reverting_and_links(stage: Stage) -> None:
    notice = stage.resource("emea-prod", "exstrapplication", "Renewal notice")["id"]
    logo = stage.resource("emea-prod", "image", "Northwind logo")["id"]
    path = f"{D}/emea-prod/{notice}"

    assert stage.ask(AMARA, "PUT", f"{path}/hide").json()["data"]["hidden"] is True
    assert stage.ask(AMARA, "PUT", f"{path}/show").json()["data"]["hidden"] is False
    assert stage.ask(AMARA, "PUT", f"{path}/revert/1", json={}).json()["data"]["version"] == 2
    deep = {"linkSubjectId": notice, "linkDepth": 2}
    used = stage.ask(AMARA, "GET", "/design/links/emea-prod/resources", params=deep).json()["data"]
    assert {"Northwind logo", "Standard letters", "Customer"} <= {row["name"] for row in used}
    users = stage.ask(AMARA, "GET", "/design/links/emea-prod", params={"linkObjectId": logo, "count": 50}).json()
    assert users["page"]["totalElements"] == 5


def test_tenant_management_is_for_tenant_administrators(stage: Stage) -> None:
    for method, path in (
        ("POST", "/design/domains"),
        ("POST", "/design/roles"),
        ("POST", "/design/group-roles"),
        ("POST", "/design/role-permissions"),
    ):
        assert stage.ask(AMARA, method, path, json={}).status_code == 403


def test_a_domain_in_use_stays_and_an_empty_one_goes(stage: Stage) -> None:
    assert stage.ask(TESSA, "DELETE", "/design/domains/uk-prod").status_code == 409
    assert stage.ask(TESSA, "POST", "/design/domains", json={"id": "lab"}).status_code == 201
    assert stage.ask(TESSA, "PUT", "/design/domains/lab", json={"production": True}).status_code == 400
    assert stage.ask(TESSA, "DELETE", "/design/domains/lab").status_code == 200


def test_deleting_a_role_takes_its_assignments_along(stage: Stage) -> None:
    roles = {row["name"]: row["id"] for row in stage.ask(TESSA, "GET", "/design/roles").json()["data"]}

    assert stage.ask(TESSA, "DELETE", f"/design/roles/{roles['designer']}").status_code == 200

    left = {row["roleName"] for row in stage.ask(TESSA, "GET", "/design/group-roles").json()["data"]}
    assert "designer" not in left
    assert stage.ask(AMARA, "GET", f"{D}/emea-prod").status_code == 403


def test_an_import_with_conflicts_is_refused_with_its_code_and_a_dry_run_keeps_nothing(stage: Stage) -> None:
    notice = stage.resource("emea-prod", "exstrapplication", "Renewal notice")

    def package(resource: str) -> dict[str, tuple[str, bytes]]:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            row = {"id": resource, "name": "Imported", "type": "image"}
            archive.writestr(f"resources/image-{resource}-1.json", orjson.dumps(row))
        return {"exportPackage": ("p.zip", made.getvalue())}

    path = "/design/import/das/emea-prod"
    refused = stage.ask(AMARA, "POST", path, files=package(notice["id"]))
    assert (refused.status_code, refused.json()["errorCode"]) == (409, 309016)
    assert stage.ask(AMARA, "POST", path, params={"commit": "false"}, files=package("i-1")).status_code == 200
    assert stage.ask(AMARA, "GET", f"{D}/emea-prod/i-1").status_code == 404
    assert stage.ask(AMARA, "POST", path, files=package("i-1")).status_code == 200
    assert stage.ask(AMARA, "GET", "/design/import/logs").json()["data"][0]["importedBy"] == AMARA
