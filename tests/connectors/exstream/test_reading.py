"""Streams prove that they are complete, or say why they are not."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.exstream.client.dates import as_iso
from connectors.exstream.client.filters import as_parameters
from connectors.exstream.permissions import words_of, written_like
from connectors.exstream.streams.domains import Domains
from connectors.exstream.streams.flow_instances import FlowInstances
from connectors.exstream.streams.jobs import Jobs
from connectors.exstream.streams.resources import Resources
from connectors.exstream.streams.role_permissions import RolePermissions
from connectors.exstream.streams.roles import Roles
from hub.sdk.sandbox import FaultKind


def _read(stream: Any, client: Any, **scope: Any) -> tuple[dict[str, Any], Any]:
    reading = stream.read(stream.Input(**scope), client)
    return {record.key: record.body for record in reading.records}, reading.proof


@pytest.mark.parametrize("paging", ["items", "pages"])
@pytest.mark.parametrize("filters", ["dotted", "packed"])
@pytest.mark.parametrize("dates", ["epoch", "iso"])
def test_everything_is_read_whatever_the_installation_speaks(open_stage, paging, filters, dates) -> None:
    stage = open_stage(
        paging_style=paging,
        design_filter_style=filters,
        orchestration_filter_style=filters,
        date_style=dates,
    )
    client = stage.client(
        paging_style=paging, design_filter_style=filters, orchestration_filter_style=filters, page_size=7
    )

    rows, proof = _read(Resources(), client, domains=["emea-prod"], types=["designer"], states=["APPROVED"])
    jobs, jobs_proof = _read(Jobs(), client, statuses=["error"])

    assert proof.complete
    assert jobs_proof.complete
    assert {row["type"] for row in rows.values()} == {"exstrapplication", "exstrdocument"}
    assert len(jobs) == 4
    assert all(row["startDate"].endswith("+00:00") for row in jobs.values())


@pytest.mark.parametrize(("service", "connection"), [("items", "pages"), ("pages", "items")])
def test_a_wrong_reading_of_offset_is_never_taken_for_complete(open_stage, service, connection) -> None:
    stage = open_stage(paging_style=service)

    _, proof = _read(Resources(), stage.client(paging_style=connection, page_size=4), domains=["emea-prod"])

    assert not proof.complete
    assert proof.problems


def test_rows_left_out_by_the_service_are_noticed(stage) -> None:
    stage.app.faults.add(FaultKind.FEWER_ROWS, path="*/resources/*")

    _, proof = _read(Resources(), stage.client(), domains=["emea-prod"])

    assert not proof.complete
    assert "of 22 resources" in proof.problems[0]


def test_rows_left_out_once_are_asked_for_again(stage) -> None:
    stage.app.faults.add(FaultKind.FEWER_ROWS, path="*/resources/*", times=1)

    rows, proof = _read(Resources(), stage.client(), domains=["emea-prod"])

    assert (len(rows), proof.complete) == (22, True)


def test_domains_roles_permissions_and_instances_are_read(stage) -> None:
    client = stage.client()

    assert "group-shared" in _read(Domains(), client)[0]
    assert "operator" in _read(Roles(), client)[0]
    assert _read(RolePermissions(), client, role="approver")[0]["approver|all"]["permissions"] == ["APPROVE", "READ"]
    instances, proof = _read(FlowInstances(), client, domains=["emea-prod"], statuses=["error"])
    assert (len(instances), proof.complete) == (1, True)


def test_permission_words_are_written_back_as_they_were_read() -> None:
    assert words_of("READ;WRITE") == words_of(["WRITE", "READ"]) == ["READ", "WRITE"]
    assert written_like("A;B", ["X", "Y"]) == "X;Y"
    assert written_like(["A"], ["Y", "X"]) == ["X", "Y"]
    assert written_like("", ["Y", "X"]) == "X,Y"


def test_dates_are_read_as_milliseconds_and_as_text() -> None:
    assert as_iso(1735689600000) == as_iso("2025-01-01T01:00:00+01:00") == "2025-01-01T00:00:00.000+00:00"
    assert as_iso("soon") is None


def test_filters_are_written_in_both_styles() -> None:
    wanted = {"statuses": ["a", "b"], "name": "x:y", "none": None, "locked": True}

    assert as_parameters(wanted, "packed") == [("filter", "statuses:a,b;name:x/colon/y;locked:true")]
    assert ("filter.statuses", "b") in as_parameters(wanted, "dotted")
