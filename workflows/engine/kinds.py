"""The kinds of steps that only compute: the same values give the same output, and nothing leaves."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Protocol

from hub.expr import ExpressionError
from workflows.engine import lists
from workflows.graph.graph import Step
from workflows.rules import Rules, parse
from workflows.rules.evaluation import NoRow

PURE = frozenset({"condition", "switch", "transform", "filter", "rules"}) | lists.KINDS
COMPUTED = PURE | {"merge", "stop", "respond"}
"""Nothing leaves while one of these is carried out, so that nothing has to be stored before."""


class Evaluate(Protocol):
    """Evaluates a value with expressions in it, for one step of one run."""

    def __call__(self, source: Any, place: str, **more: Any) -> Any: ...


def values_of(step: Step, evaluate: Evaluate) -> Any:
    """What a step works with. Raises ExpressionError with the place."""
    match step.kind:
        case "action":
            return evaluate(step.input, "input")
        case "transform" if "items" not in step.settings:
            return evaluate(step.settings, "settings")
        case "filter" | "sort" | "distinct" | "group" | "transform":
            return evaluate({"items": step.settings["items"]}, "settings")
        case "rules":
            asked = "items" if "items" in step.settings else "record"
            return evaluate({asked: step.settings.get(asked, {})}, "settings")
        case "each":
            return evaluate({name: value for name, value in step.settings.items() if name != "result"}, "settings")
        case "repeat":
            return evaluate({"start": step.settings.get("start")}, "settings")
        case "switch":
            return evaluate({"cases": [{"name": case["name"]} for case in step.settings["cases"]]}, "settings")
        case _:
            return evaluate(step.settings, "settings")


def expression_error(wrong: ExpressionError) -> dict[str, Any]:
    """Why a step failed whose expression gave nothing."""
    return {"code": "expression", "message": str(wrong), "field": wrong.place}


def setting_error(step: Step, wrong: Exception) -> dict[str, Any]:
    """Why a step failed that cannot work with its values."""
    return {"code": "setting", "message": f'Step "{step.title}": {wrong}'}


def decide(step: Step, values: Any, evaluate: Evaluate) -> tuple[Any, str]:
    """The output of a step that only computes, and the port it leaves by.

    Raises ExpressionError, or TypeError or ValueError with what is wrong with a setting.
    """
    match step.kind:
        case "condition":
            return {"result": bool(values["if"])}, "yes" if values["if"] else "no"
        case "switch":
            return {}, _case(step, evaluate)
        case "filter":
            return _kept(step, values["items"], evaluate), "ok"
        case "sort" | "distinct" | "group":
            return lists.work(step, values["items"], evaluate), "ok"
        case "transform" if "items" in step.settings:
            return _each_made(step, values["items"], evaluate), "ok"
        case "transform":
            return values["value"], "ok"
        case "respond":
            return _answer(values), "ok"
        case "rules":
            return _looked_up(step, values, evaluate)
        case _:
            return {}, "ok"


def _answer(values: Any) -> dict[str, Any]:
    status = values.get("status", 200)
    if status not in {each.value for each in HTTPStatus if each >= 200}:
        raise ValueError(f'"{status}" is no status of HTTP that a call can be answered with.')
    return {"status": int(status), "body": values.get("body")}


def _case(step: Step, evaluate: Evaluate) -> str:
    for number, case in enumerate(step.settings["cases"]):
        if evaluate(case["if"], f"settings/cases/{number}/if"):
            return str(case["name"])
    return "else"


def _kept(step: Step, items: Any, evaluate: Evaluate) -> list[Any]:
    if not isinstance(items, list):
        raise TypeError("a filter needs a list to look through.")
    where = step.settings["where"]
    return [
        item
        for index, item in enumerate(items)
        if evaluate(where, f"settings/where (item {index})", item=item, index=index)
    ]


def _each_made(step: Step, items: Any, evaluate: Evaluate) -> list[Any]:
    if not isinstance(items, list):
        raise TypeError("a transform needs a list to go through, or no items at all.")
    value = step.settings["value"]
    return [
        evaluate(value, f"settings/value (item {index})", item=item, index=index) for index, item in enumerate(items)
    ]


def _looked_up(step: Step, values: Any, evaluate: Evaluate) -> tuple[Any, str]:
    """One decision, or with items a list of them. It leaves by "none" as soon as one record has no decision."""
    rules = Rules(parse(evaluate(step.settings["table"], "settings/table")))
    traced = bool(step.settings.get("trace"))
    if "items" not in step.settings:
        made = _decision(rules, values["record"], traced)
        return made, "ok" if made["matched"] else "none"
    if not isinstance(values["items"], list):
        raise TypeError("a rule table needs a list to look through.")
    record = step.settings.get("record", {})
    decisions = [
        _decision(rules, evaluate(record, f"settings/record (item {index})", item=item, index=index), traced)
        for index, item in enumerate(values["items"])
    ]
    without = [index for index, each in enumerate(decisions) if not each["matched"]]
    return {"decisions": decisions, "without": without}, "none" if without else "ok"


def _decision(rules: Rules, record: Any, traced: bool) -> dict[str, Any]:
    if not isinstance(record, dict):
        raise TypeError("a rule table needs a record with a value for each column.")
    asked = {column.name: record.get(column.name) for column in rules.table.columns}
    made: dict[str, Any] = {"matched": True, "is_default": False, "rows": [], "give": {}, "record": asked}
    try:
        found = rules.decide(asked)
        made |= {"rows": list(found.rows), "give": found.give, "is_default": found.is_default}
    except NoRow:
        made["matched"] = False
    return made | ({"trace": rules.explain(asked)} if traced else {})
