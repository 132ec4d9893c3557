"""Workflows and runs by API."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.errors import InvalidQuery
from hub.api.paging import Page, page_of
from hub.api.schema import operation
from hub.api.serializers import paged
from hub.api.views import ApiView
from workflows.api import serializers as shapes
from workflows.engine.bell import ring
from workflows.services import making, overview, run_items, runs, shelves, workflows


class WorkflowsView(ApiView):
    @operation(
        "List workflows", id="workflows_list", gives=paged(shapes.WorkflowLineOutput), query=shapes.WorkflowQuery
    )
    def get(self, request: Request) -> Response:
        asked = self.query
        kept = shelves.list_trash(self.actor) if asked.get("trash") else workflows.list_workflows(self.actor)
        rows = overview.search(
            shelves.narrowed(kept, folder=asked.get("folder", ""), tag=asked.get("tag", "")),
            words=asked.get("search", ""), active=asked.get("active"), late=asked.get("late"),
        )  # fmt: skip
        found = page_of(rows, self.query)
        lines = Page(overview.lines_of(self.actor, found.items), found.next_cursor)
        return self.page(lines, shapes.WorkflowLineOutput)

    @operation(
        "Make a workflow", id="workflows_create", takes=shapes.WorkflowInput, gives=shapes.WorkflowOutput, status=201,
        description="Empty, with a name; or from a document, which may have problems still.",
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        given = self.read(shapes.WorkflowInput)
        if "document" not in given:
            made = making.make_named(self.actor, name=given.get("name", ""))
        elif "slug" in given:
            made = workflows.create_workflow(self.actor, slug=given["slug"], document=given["document"])
        else:
            made = making.import_document(self.actor, document=given["document"])
        return self.answer(made, shapes.WorkflowOutput, status=201)


class DuplicateView(ApiView):
    @operation("Make a copy of a workflow", id="workflows_duplicate", gives=shapes.WorkflowOutput, status=201)
    def post(self, request: Request, workflow: str) -> Response:
        return self.answer(making.duplicate_workflow(self.actor, workflow), shapes.WorkflowOutput, status=201)


class RetireView(ApiView):
    @operation("Take a workflow out of service", id="workflows_retire", gives=shapes.WorkflowSummary)
    def post(self, request: Request, workflow: str) -> Response:
        return self.answer(workflows.retire(self.actor, workflow), shapes.WorkflowSummary)


class WorkflowView(ApiView):
    @operation("Show a workflow", id="workflows_get", gives=shapes.WorkflowOutput)
    def get(self, request: Request, workflow: str) -> Response:
        found = workflows.get_workflow(self.actor, workflow)
        return self.if_changed((found.id, found.updated_at), lambda: self.answer(found, shapes.WorkflowOutput))

    @operation("Save the draft", id="workflows_save", takes=shapes.DraftInput, gives=shapes.WorkflowOutput)
    def put(self, request: Request, workflow: str) -> Response:
        saved = workflows.save_draft(self.actor, workflow, **self.read(shapes.DraftInput))
        return self.answer(saved, shapes.WorkflowOutput)


class ProblemsView(ApiView):
    @operation("List the draft's problems", id="workflows_problems", gives=shapes.ProblemsOutput)
    def get(self, request: Request, workflow: str) -> Response:
        return self.answer({"problems": workflows.find_problems(self.actor, workflow)}, shapes.ProblemsOutput)


class PublishView(ApiView):
    @operation(
        "Publish the draft", id="workflows_publish", takes=shapes.PublishInput, gives=shapes.VersionOutput, status=201
    )
    def post(self, request: Request, workflow: str) -> Response:
        version = workflows.publish(self.actor, workflow, **self.read(shapes.PublishInput))
        return self.answer(version, shapes.VersionOutput, status=201)


class SwitchView(ApiView):
    @operation(
        "Switch the triggers on or off", id="workflows_switch", takes=shapes.SwitchInput, gives=shapes.WorkflowSummary
    )
    def post(self, request: Request, workflow: str) -> Response:
        switched = workflows.switch(self.actor, workflow, **self.read(shapes.SwitchInput))
        return self.answer(switched, shapes.WorkflowSummary)


class StartView(ApiView):
    @operation("Start a run", id="workflows_start", takes=shapes.StartInput, gives=shapes.RunOutput, status=202)
    def post(self, request: Request, workflow: str) -> Response:
        started = runs.start_run(self.actor, workflow, **self.read(shapes.StartInput))
        ring()
        return self.answer(runs.get_run(self.actor, started.id), shapes.RunOutput, status=202)


class TestFailureView(ApiView):
    @operation("Try the error workflow", id="workflows_test_failure", gives=shapes.RunOutput, status=202)
    def post(self, request: Request, workflow: str) -> Response:
        started = runs.test_failure(self.actor, workflow)
        ring()
        return self.answer(runs.get_run(self.actor, started.id), shapes.RunOutput, status=202)


class RunsView(ApiView):
    @operation("List runs", id="runs_list", gives=paged(shapes.RunSummary), query=shapes.RunQuery)
    def get(self, request: Request) -> Response:
        wanted = {name: value for name, value in self.query.items() if name not in {"limit", "cursor"}}
        if "workflow" in wanted and not workflows.exists(self.actor, wanted["workflow"]):
            detail = f'There is no workflow "{wanted["workflow"]}" here.'
            raise InvalidQuery(errors=[{"pointer": "/workflow", "code": "unknown", "detail": detail}])
        return self.page(runs.list_runs(self.actor, **wanted), shapes.RunSummary)


class RunView(ApiView):
    @operation("Show a run", id="runs_get", gives=shapes.RunOutput)
    def get(self, request: Request, run: str) -> Response:
        found = runs.get_run(self.actor, run)
        return self.if_changed(runs.moved_of(found), lambda: self.answer(found, shapes.RunOutput))


class RunItemView(ApiView):
    @operation(
        "Show what a run did for one item", id="runs_item", gives=shapes.RunItemOutput, query=shapes.ItemQuery,
        description="Of a for-each: an item of its list; of a loop: a round.",
    )  # fmt: skip
    def get(self, request: Request, run: str, step: str, index: int) -> Response:
        found = run_items.get_item(self.actor, run, step=step, index=index, within=self.query.get("within", ""))
        return self.answer(found, shapes.RunItemOutput)


class CancelView(ApiView):
    @operation("Cancel a run", id="runs_cancel", gives=shapes.RunOutput)
    def post(self, request: Request, run: str) -> Response:
        cancelled = runs.cancel_run(self.actor, run)
        ring()
        return self.answer(cancelled, shapes.RunOutput)


class RetryView(ApiView):
    @operation("Try a failed run's failed steps again", id="runs_retry", gives=shapes.RunOutput)
    def post(self, request: Request, run: str) -> Response:
        again = runs.retry_run(self.actor, run)
        ring()
        return self.answer(again, shapes.RunOutput)


class SettleView(ApiView):
    @operation("Decide about a step in doubt", id="runs_settle", takes=shapes.SettleInput, gives=shapes.RunOutput)
    def post(self, request: Request, run: str, step: str) -> Response:
        settled = runs.settle_step(self.actor, run, step=step, **self.read(shapes.SettleInput))
        ring()
        return self.answer(settled, shapes.RunOutput)
