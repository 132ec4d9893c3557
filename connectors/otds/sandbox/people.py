"""A page for analysts: who is there, what they effectively have, and the forms to play joiner, mover and leaver."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import orjson
from werkzeug.wrappers import Request

from connectors.otds.sandbox.directory import (
    PARTITION,
    change,
    id_of,
    need,
    new,
    remove,
    resolve,
    wrong,
)
from connectors.otds.sandbox.northwind import COST_CENTRES, COUNTRIES
from connectors.otds.sandbox.sessions import effective_groups
from hub.sdk.sandbox import Documents, Refusal, Reply, pages
from hub.sdk.sandbox.control import menu

if TYPE_CHECKING:
    from connectors.otds.sandbox.app import OtdsSandbox

ROWS = 100
OPERATION = "POST /_sandbox/people"


def page(app: OtdsSandbox, data: Documents, request: Request) -> Reply:
    """Show people, or carry out a form and come back."""
    if request.method == "POST":
        return _act(app, request)
    wanted = request.args.get("name", "")
    after = int(request.args.get("after") or 0) if (request.args.get("after") or "0").isdigit() else 0
    rows = list(
        data.query(
            'SELECT position, body FROM "of_users" WHERE partition = ? AND position > ? '
            'AND instr("name", ?) > 0 ORDER BY position LIMIT ?',
            PARTITION,
            after,
            wanted,
            ROWS,
        )
    )
    shown = [_row(data, orjson.loads(body)) for _, body in rows]
    said, bad = request.args.get("said", ""), " bad" if "bad" in request.args else ""
    body = f'<p class="said{bad}" role="status">{escape(said)}</p>' if said else ""
    body += (
        '<form class="fields" method="get" action="/_sandbox/people">'
        + pages.text_field("name", "Part of the name", wanted)
        + '<div><button type="submit">Find</button></div></form>'
    )
    columns = ("Person", "Job", "Department", "Country", "State", "Effective groups", "Seats", "")
    body += pages.rows_table(f"People of {PARTITION}", columns, shown, empty="Nobody has such a name.")
    if len(rows) == ROWS:
        query = urlencode({"after": rows[-1][0], "name": wanted})
        body += f"<p>{pages.link(f'/_sandbox/people?{query}', 'Next page')}</p>"
    body += "<h2>Somebody joins</h2>" + pages.form("/_sandbox/people", _fields("join", "Login"), "Add the person")
    body += "<h2>Somebody moves</h2>" + pages.form(
        "/_sandbox/people", _fields("move", "Login", country=False), "Move the person"
    )
    return pages.page("People", body, name=app.name, links=menu(app))


def _fields(act: str, label: str, *, country: bool = True) -> str:
    made = f'<input type="hidden" name="do" value="{act}">'
    made += pages.text_field("login", label)
    made += pages.text_field("title", "Job", "Template designer")
    made += pages.choice_field("department", "Department", COST_CENTRES, "Communications")
    return made + (pages.choice_field("country", "Country", COUNTRIES) if country else "")


def _row(data: Documents, user: dict[str, Any]) -> tuple[Any, ...]:
    attributes = user["attributes"]
    seats = [seat["counter"] for seat in data.find("seats", object=user["uuid"])]
    toggle = "enable" if user["disabled"] else "disable"
    forms = "".join(
        pages.form(
            "/_sandbox/people",
            f'<input type="hidden" name="do" value="{act}"><input type="hidden" name="login" '
            f'value="{escape(user["name"])}">',
            f"{act.capitalize()} {user['name']}",
        )
        for act in (toggle, "delete")
    )
    return (
        pages.link(f"/_sandbox/browse/users?key={user['uuid']}", user["id"]),
        (attributes.get("title") or [""])[0],
        (attributes.get("oTDepartment") or [""])[0],
        (attributes.get("c") or [""])[0],
        "disabled" if user["disabled"] else "enabled",
        [name.removesuffix(f"@{PARTITION}") for name in effective_groups(data, user["uuid"])],
        seats,
        pages.Html(forms),
    )


def _act(app: OtdsSandbox, request: Request) -> Reply:
    form = {name: value.strip() for name, value in request.form.items()}
    login = form.get("login", "")
    try:
        if not login:
            raise wrong(400, "Say who: the login is empty.")
        with app.store.writing() as data:
            said = _do(data, form.get("do", ""), login, form)
    except Refusal as refusal:
        return _back({"said": str(refusal.reply.body["error"]), "bad": "1"})
    return _back({"said": said})


def _do(data: Documents, act: str, login: str, form: dict[str, str]) -> str:
    if act == "join":
        if resolve(data, "users", id_of(login, PARTITION)):
            raise wrong(409, f"There is already a user {login}.")
        first, _, last = login.partition(".")
        attributes = {
            "givenName": [first.title()],
            "sn": [last.title()],
            "displayName": [f"{first} {last}".strip().title()],
            "mail": [f"{login}@northwind.example"],
            "title": [form.get("title", "")],
            "oTDepartment": [form.get("department", "")],
            "c": [form.get("country", "")],
            **{f"oTExtraAttr{number}": [""] for number in range(1, 6)},
        }
        user = {**new("users", login, PARTITION, attributes=attributes), "sample": True}
        data.add("users", user["uuid"], user)
        said, changed = f"{login} joined.", True
    else:
        user = need(data, "users", id_of(login, PARTITION))
        match act:
            case "move":
                values = {"title": [form.get("title", "")], "oTDepartment": [form.get("department", "")]}
                changed, said = change(data, "users", user, {"attributes": values}), f"{login} moved."
            case "disable" | "enable":
                values = {"accountDisabled": ["true" if act == "disable" else "false"]}
                changed, said = change(data, "users", user, {"attributes": values}), f"{login} was {act}d."
            case "delete":
                remove(data, "users", user)
                changed, said = True, f"{login} was deleted."
            case _:
                raise wrong(400, "That form is not known.")
    data.wrote(OPERATION, f"users/{user['id']}", changed=changed)
    return said


def _back(query: dict[str, str]) -> Reply:
    return Reply(303, None, {"Location": "/_sandbox/people?" + urlencode(query)})
