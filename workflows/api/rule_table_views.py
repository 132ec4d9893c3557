"""Rule tables by API, for editors."""

from __future__ import annotations

import base64

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.schema import operation
from hub.api.serializers import Input, Output, PartsField
from hub.api.views import ApiView
from workflows.services import rule_tables


class TableInput(Input):
    table = serializers.JSONField(help_text="Columns, rows, match and default.")


class TableProblem(Output):
    place = serializers.CharField(help_text='In the table, such as "rows/3/when/age".')
    message = serializers.CharField()
    message_parts = PartsField(source="message")


class TableFinding(Output):
    code = serializers.CharField(help_text="unreachable, gap, overlap or not-checked.")
    message = serializers.CharField()
    message_parts = PartsField(source="message")
    rows = serializers.ListField(child=serializers.IntegerField(), help_text="Counted from 1.")


class TableChecked(Output):
    problems = TableProblem(many=True)
    findings = TableFinding(many=True)


class CsvText(Input):
    csv = serializers.CharField(trim_whitespace=False)


class TableOutput(Output):
    table = serializers.JSONField()


class XlsxFile(Input):
    xlsx = serializers.CharField(help_text="The workbook, in base64.")

    def validate_xlsx(self, given: str) -> bytes:
        try:
            return base64.b64decode(given, validate=True)
        except ValueError:
            raise serializers.ValidationError("This is not base64.") from None


class TrialInput(TableInput):
    record = serializers.JSONField(help_text="A value for each column.")


class TraceOutput(Output):
    row = serializers.IntegerField(help_text="Counted from 1.")
    met = serializers.BooleanField()
    column = serializers.CharField(required=False, help_text="The first column that says no.")
    asks = serializers.CharField(required=False, help_text="What it asks.")
    has = serializers.JSONField(required=False, allow_null=True, help_text="What the record has.")


class TrialOutput(Output):
    matched = serializers.BooleanField()
    is_default = serializers.BooleanField()
    rows = serializers.ListField(child=serializers.IntegerField(), help_text="Those that count, from 1.")
    give = serializers.JSONField()
    trace = TraceOutput(many=True)


class CheckView(ApiView):
    @operation("Check a rule table", id="rule_tables_check", takes=TableInput, gives=TableChecked)
    def post(self, request: Request) -> Response:
        return self.answer(rule_tables.check(self.actor, **self.read(TableInput)), TableChecked)


class TrialView(ApiView):
    @operation("Try a rule table with a record", id="rule_tables_try", takes=TrialInput, gives=TrialOutput)
    def post(self, request: Request) -> Response:
        return self.answer(rule_tables.try_out(self.actor, **self.read(TrialInput)), TrialOutput)


class ToCsvView(ApiView):
    @operation("Write a rule table as CSV", id="rule_tables_to_csv", takes=TableInput, gives=CsvText)
    def post(self, request: Request) -> Response:
        made = rule_tables.to_sheet(self.actor, **self.read(TableInput), form="csv")
        return self.answer({"csv": made.decode()}, CsvText)


class FromCsvView(ApiView):
    @operation("Read a rule table from CSV", id="rule_tables_from_csv", takes=CsvText, gives=TableOutput)
    def post(self, request: Request) -> Response:
        content = self.read(CsvText)["csv"].encode()
        return self.answer({"table": rule_tables.from_sheet(self.actor, content=content, form="csv")}, TableOutput)


class ToXlsxView(ApiView):
    @operation("Write a rule table as XLSX", id="rule_tables_to_xlsx", takes=TableInput, gives=XlsxFile)
    def post(self, request: Request) -> Response:
        made = rule_tables.to_sheet(self.actor, **self.read(TableInput), form="xlsx")
        return self.answer({"xlsx": base64.b64encode(made).decode()}, XlsxFile)


class FromXlsxView(ApiView):
    @operation("Read a rule table from XLSX", id="rule_tables_from_xlsx", takes=XlsxFile, gives=TableOutput)
    def post(self, request: Request) -> Response:
        content = self.read(XlsxFile)["xlsx"]
        return self.answer({"table": rule_tables.from_sheet(self.actor, content=content, form="xlsx")}, TableOutput)
