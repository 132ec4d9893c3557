"""A report of who sees what, in lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def of_person(report: dict[str, Any]) -> str:
    lines = [f"{report['person']['id']} ({report['person']['name']}, {report['person']['department']})"]
    if report["disabled"]:
        lines.append("  The account is disabled: nothing can be seen with it.")
    elif not report["domains"]:
        lines.append("  Sees nothing in the managed domains.")
    for domain in report["domains"]:
        jobs = "no output jobs" if domain["jobs"] is None else f"{domain['jobs']} output jobs"
        lines.append(f"  {domain['domain']}: {len(domain['templates'])} templates, {jobs}")
        lines += [f"    {line}" for role in domain["roles"] for line in _why(role)]
        lines += [f"      {each['name']} ({each['type']}, {each['state']})" for each in domain["templates"]]
    return "\n".join(lines)


def of_template(report: dict[str, Any]) -> str:
    found = report["template"]
    lines = [f"{found['name']} ({found['type']}, {found['state']}) in {', '.join(report['domains'])}"]
    for each in report["people"]:
        lines.append(f"  {each['person']['id']} ({each['person']['name']})")
        lines += [f"    {line}" for line in _why(each)]
    return "\n".join(lines if report["people"] else [*lines, "  Nobody of the partition sees it."])


def _why(each: dict[str, Any]) -> Iterator[str]:
    yield f"{each['role']} in {each['domain']} by {' > '.join(each['way'])}"
    rules = ", ".join(map(str, each["rules"]))
    yield f"  Asked for by rule {rules}." if rules else "  No rule asks for this now; the next run takes it away."
    for word, told in (("The group has the role", each["assigned"]), ("The person is in the group", each["joined"])):
        yield f"  {word}: {_told(told)}"


def _told(recorded: dict[str, Any]) -> str:
    if "plan" not in recorded:
        return str(recorded["reason"])
    by = f", approved by {recorded['approved_by']}" if recorded["approved_by"] else ""
    why = recorded.get("because") or recorded.get("reason")
    rule = f"rule {recorded['rule']}, " if "rule" in recorded else ""
    return f"{rule}{why}; plan {recorded['plan']}, line {recorded['change']}{by}."
