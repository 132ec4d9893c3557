"""Connections and egress rules by API."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.schema import operation
from hub.api.serializers import PageQuery, paged
from hub.api.views import ApiView
from hub.connections import egress_rules, sandboxes, self_check, services
from hub.connections import serializers as shapes


class ConnectionsView(ApiView):
    @operation(
        "List connections", id="connections_list", gives=paged(shapes.ConnectionOutput), query=shapes.ConnectionQuery
    )
    def get(self, request: Request) -> Response:
        wanted = {name: self.query[name] for name in ("connector", "health") if name in self.query}
        return self.page(services.list_connections(self.actor, **wanted), shapes.ConnectionOutput)

    @operation(
        "Make a connection",
        id="connections_create",
        takes=shapes.ConnectionInput,
        gives=shapes.ConnectionOutput,
        status=201,
    )
    def post(self, request: Request) -> Response:
        made = services.create_connection(self.actor, **self.read(shapes.ConnectionInput))
        return self.answer(made, shapes.ConnectionOutput, status=201)


class ConnectionView(ApiView):
    @operation("Show a connection", id="connections_get", gives=shapes.ConnectionOutput)
    def get(self, request: Request, connection: str) -> Response:
        found = services.find_connection(self.actor, connection=connection)
        parts = (found.id, found.revision, found.health, found.tested_at)
        return self.if_changed(parts, lambda: self.answer(found, shapes.ConnectionOutput))

    @operation(
        "Change a connection",
        id="connections_update",
        takes=shapes.ConnectionChangeInput,
        gives=shapes.ConnectionOutput,
    )
    def patch(self, request: Request, connection: str) -> Response:
        changed = services.update_connection(
            self.actor, connection=connection, **self.read(shapes.ConnectionChangeInput)
        )
        return self.answer(changed, shapes.ConnectionOutput)

    @operation("Remove a connection", id="connections_delete")
    def delete(self, request: Request, connection: str) -> Response:
        services.delete_connection(self.actor, connection=connection)
        return self.nothing()


class ConnectionTestView(ApiView):
    @operation("Test a connection", id="connections_test", gives=shapes.ConnectionOutput)
    def post(self, request: Request, connection: str) -> Response:
        tested = services.test_connection(self.actor, connection=connection)
        return self.answer(tested, shapes.ConnectionOutput)


class DirectoryCheckView(ApiView):
    @operation(
        "Check the directory behind a connection", id="connections_check_directory",
        gives=shapes.DirectoryCheckOutput,
        description="Cycles, empty groups, members that are gone, values that several people have.",
    )  # fmt: skip
    def post(self, request: Request, connection: str) -> Response:
        found = self_check.check_directory(self.actor, connection=connection)
        return self.answer({"report": found}, shapes.DirectoryCheckOutput)


class ConnectionUsesView(ApiView):
    @operation("List what uses a connection", id="connections_uses", gives=shapes.UsesOutput)
    def get(self, request: Request, connection: str) -> Response:
        held = services.find_connection(self.actor, connection=connection)
        return self.answer({"items": services.users_of(self.actor, held)}, shapes.UsesOutput)


class ConnectionChoicesView(ApiView):
    @operation(
        "List the choices for a field",
        id="connections_choices",
        takes=shapes.ChoicesInput,
        gives=shapes.ChoicesOutput,
        description="Asks the service now. `choices` is the field's `x-choices`.",
    )
    def post(self, request: Request, connection: str, choices: str) -> Response:
        items = services.list_choices(
            self.actor, connection=connection, choices=choices, **self.read(shapes.ChoicesInput)
        )
        return self.answer({"items": items}, shapes.ChoicesOutput)


class EgressRulesView(ApiView):
    @operation("List egress rules", id="egress_rules_list", gives=paged(shapes.EgressRuleOutput), query=PageQuery)
    def get(self, request: Request) -> Response:
        return self.page(egress_rules.list_rules(self.actor), shapes.EgressRuleOutput)

    @operation(
        "Allow a private host",
        id="egress_rules_add",
        takes=shapes.EgressRuleInput,
        gives=shapes.EgressRuleOutput,
        status=201,
    )
    def post(self, request: Request) -> Response:
        added = egress_rules.add_rule(self.actor, **self.read(shapes.EgressRuleInput))
        return self.answer(added, shapes.EgressRuleOutput, status=201)


class EgressRuleView(ApiView):
    @operation("Show an egress rule", id="egress_rules_get", gives=shapes.EgressRuleOutput)
    def get(self, request: Request, rule: str) -> Response:
        return self.answer(egress_rules.get_rule(self.actor, rule=rule), shapes.EgressRuleOutput)

    @operation(
        "Say anew why a private host is allowed", id="egress_rules_change",
        takes=shapes.EgressRuleChange, gives=shapes.EgressRuleOutput,
    )  # fmt: skip
    def patch(self, request: Request, rule: str) -> Response:
        changed = egress_rules.change_note(self.actor, rule=rule, **self.read(shapes.EgressRuleChange))
        return self.answer(changed, shapes.EgressRuleOutput)

    @operation("Allow a private host no longer", id="egress_rules_remove")
    def delete(self, request: Request, rule: str) -> Response:
        egress_rules.remove_rule(self.actor, rule=rule)
        return self.nothing()


class SandboxesView(ApiView):
    @operation("List the sandboxes beside the hub", id="sandboxes_list", gives=shapes.SandboxesOutput)
    def get(self, request: Request) -> Response:
        return self.answer({"items": sandboxes.list_sandboxes(self.actor)}, shapes.SandboxesOutput)
