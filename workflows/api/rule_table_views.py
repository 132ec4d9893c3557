"""Rule tables by API, for editors."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.schema import operation
from hub.api.serializers import Input, Output
from hub.api.views import ApiView
from workflows.services import rule_tables


class TableInput(Input):
    table = serializers.JSONField(help_text="Columns, rows, match and default.")


class TableProblem(Output):
    place = serializers.CharField(help_text='In the table, such as "rows/3/when/age".')
    message = serializers.CharField()


class TableFinding(Output):
    code = serializers.CharField(help_text="unreachable, gap, overlap or not-checked.")
    message = serializers.CharField()
    rows = serializers.ListField(child=serializers.IntegerField(), help_text="Counted from 1.")


class TableChecked(Output):
    problems = TableProblem(many=True)
    findings = TableFinding(many=True)


class CsvText(Input):
    csv = serializers.CharField(trim_whitespace=False)


class TableOutput(Output):
    table = serializers.JSONField()


class CheckView(ApiView):
    @operation("Check a rule table", id="rule_tables_check", takes=TableInput, gives=TableChecked)
    def post(self, request: Request) -> Response:
        return self.answer(rule_tables.check(self.actor, **self.read(TableInput)), TableChecked)


class ToCsvView(ApiView):
    @operation("Write a rule table as CSV", id="rule_tables_to_csv", takes=TableInput, gives=CsvText)
    def post(self, request: Request) -> Response:
        return self.answer({"csv": rule_tables.export(self.actor, **self.read(TableInput))}, CsvText)


class FromCsvView(ApiView):
    @operation("Read a rule table from CSV", id="rule_tables_from_csv", takes=CsvText, gives=TableOutput)
    def post(self, request: Request) -> Response:
        return self.answer({"table": rule_tables.take_in(self.actor, **self.read(CsvText))}, TableOutput)
