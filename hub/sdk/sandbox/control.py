"""What is ours in a sandbox: the control page and the JSON control API, below `/_sandbox`."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import orjson
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request

from hub.sdk.sandbox import pages
from hub.sdk.sandbox.exchange import Reply
from hub.sdk.sandbox.faults import Fault, FaultKind

if TYPE_CHECKING:
    from hub.sdk.sandbox.app import SandboxApp

ROWS = 100


def answer(app: SandboxApp, request: Request) -> Reply:
    """Answer a request below `/_sandbox`."""
    if request.method != "GET" and request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        return Reply(403, {"error": "Another site may not control this sandbox."})
    own = app.pages().get(request.path.removeprefix("/_sandbox"))
    if own is not None:
        with app.store.reading() as data:
            return own(data, request)
    try:
        handler, variables = _MAP.bind("sandbox").match(request.path, request.method)
        done: Reply = handler(app, request, **variables)
    except HTTPException as error:
        return Reply(error.code or 500, {"error": error.name})
    except (ValueError, LookupError) as error:
        return Reply(400, {"error": str(error)})
    return done


def menu(app: SandboxApp) -> list[tuple[str, str]]:
    """The links on top of every page."""
    own = [(f"/_sandbox{path}", path.strip("/").replace("-", " ").capitalize()) for path in app.pages()]
    return [
        ("/_sandbox", "Control"),
        *own,
        *((f"/_sandbox/browse/{name}", name.replace("_", " ").capitalize()) for name in app.columns),
        ("/_sandbox/writes", "Writes"),
    ]


def _control_page(app: SandboxApp, request: Request) -> Reply:
    with app.store.reading() as data:
        overview = dict(app.overview(data))
    said = request.args.get("said", "")
    bad = " bad" if "bad" in request.args else ""
    body = f'<p class="said{bad}" role="status">{escape(said)}</p>' if said else ""
    body += "<h2>State</h2>" + pages.facts(overview, "What it holds")
    body += "<h2>Faults</h2><p>Make requests go wrong. A path is a pattern: * stands for anything.</p>"
    body += pages.rows_table(
        "Faults",
        ("Kind", "Requests", "Times", "Met", "Settings", ""),
        [
            (
                fault["kind"],
                f"{fault['method']} {fault['path']}",
                "spent" if fault["spent"] else fault["times"] or "always",
                fault["hits"],
                _fault_settings(fault),
                pages.Html(pages.form(f"/_sandbox/faults/{fault['id']}/remove", "", f"Remove {fault['id']}")),
            )
            for fault in app.faults.shown()
        ],
        empty="No fault is in force.",
    )
    body += "<h3>Add a fault</h3>" + pages.form(
        "/_sandbox/faults",
        pages.choice_field("kind", "Kind", FaultKind)
        + pages.text_field("method", "Method", "*")
        + pages.text_field("path", "Path", "*")
        + pages.text_field("times", "Times (empty: always)", 1, kind="number")
        + pages.text_field("after", "After so many unharmed", 0, kind="number")
        + pages.text_field("seconds", "Seconds (latency, hang)", 1, kind="number")
        + pages.text_field("status", "Status (status)", 503, kind="number")
        + pages.text_field("retry_after", "Retry-After (status)", kind="number"),
        "Add the fault",
    )
    settings = "".join(
        pages.text_field(name, name.replace("_", " "), value) for name, value in app.settings().items()
    )
    if settings:
        body += "<h2>Settings</h2>" + pages.form("/_sandbox/settings", settings, "Keep these settings")
    body += "<h2>Reset</h2><p>Puts everything back to the seed: state, counters, settings and faults.</p>"
    body += pages.form("/_sandbox/reset", "", "Reset the sandbox")
    body += "<h2>Last requests</h2>" + pages.rows_table(
        "The newest first",
        ("At", "Method", "Path", "Status", "Faults"),
        [(note["at"], note["method"], note["path"], note["status"], note["faults"]) for note in _newest(app, 50)],
        empty="Nobody has asked anything yet.",
    )
    return pages.page("Control", body, name=app.name, links=menu(app))


def _browse_page(app: SandboxApp, request: Request, collection: str) -> Reply:
    columns = app.columns.get(collection)
    if columns is None:
        return Reply(404, {"error": f"There is no collection {collection} to look at."})
    after = int(request.args.get("after") or 0)
    wanted = request.args.get("key", "")
    with app.store.reading() as data:
        total = data.count(collection)
        if wanted:
            found = data.get(collection, wanted)
            text = orjson.dumps(found, option=orjson.OPT_INDENT_2).decode() if found else "There is no such object."
            return pages.page(wanted, f"<pre>{escape(text)}</pre>", name=app.name, links=menu(app))
        rows = data.rows(collection, after=after, limit=ROWS)
    body = pages.rows_table(
        f"{total} in all",
        ("Key", *(column.rpartition(".")[2] for column in columns)),
        [
            (
                pages.link(f"/_sandbox/browse/{collection}?key={quote(row.key, safe='')}", row.key),
                *(_reach(row.document, column) for column in columns),
            )
            for row in rows
        ],
    )
    if len(rows) == ROWS:
        body += f"<p>{pages.link(f'/_sandbox/browse/{collection}?after={rows[-1].position}', 'Next page')}</p>"
    return pages.page(collection.replace("_", " ").capitalize(), body, name=app.name, links=menu(app))


def _writes_page(app: SandboxApp, request: Request) -> Reply:
    rows = [(row["operation"], row["target"], row["changes"], row["repeats"]) for row in app.writes()[:1000]]
    body = "<p>Every successful write, by operation and object. A repeat is a write that changed nothing.</p>"
    body += pages.rows_table("Writes", ("Operation", "Object", "Changes", "Repeats"), rows)
    return pages.page("Writes", body, name=app.name, links=menu(app))


def _add_fault_form(app: SandboxApp, request: Request) -> Reply:
    try:
        app.faults.add(Fault.read(dict(request.form.items())))
    except ValueError as error:
        return _back(str(error), bad=True)
    return _back("The fault is in force.")


def _remove_fault_form(app: SandboxApp, request: Request, fault_id: str) -> Reply:
    app.faults.remove(fault_id)
    return _back("The fault is gone.")


def _settings_form(app: SandboxApp, request: Request) -> Reply:
    try:
        app.change_settings(**dict(request.form.items()))
    except ValueError as error:
        return _back(str(error), bad=True)
    return _back("The settings are in force.")


def _reset_form(app: SandboxApp, request: Request) -> Reply:
    app.reset()
    return _back("Everything is as it was at the start.")


def _state(app: SandboxApp, request: Request) -> Reply:
    with app.store.reading() as data:
        counts = {collection: data.count(collection) for collection in app.shape.collections}
        seeded = data.setting("seeded")
    return Reply(
        200,
        {
            "name": app.name,
            "seeded_at": seeded,
            "counts": counts,
            "settings": app.settings(),
            "faults": app.faults.shown(),
        },
    )


def _collection(app: SandboxApp, request: Request, collection: str) -> Reply:
    if collection not in app.shape.collections:
        return Reply(404, {"error": f"There is no collection {collection}."})
    with app.store.reading() as data:
        if "key" in request.args:
            found = data.get(collection, request.args["key"])
            return Reply(200, found) if found else Reply(404, {"error": "There is no such object."})
        after, limit = int(request.args.get("after") or 0), int(request.args.get("limit") or ROWS)
        rows = data.rows(collection, after=after, limit=limit)
    items = [{"key": row.key, "position": row.position, "document": row.document} for row in rows]
    return Reply(200, {"items": items})


def _writes(app: SandboxApp, request: Request) -> Reply:
    rows = app.writes(request.args.get("operation", ""), request.args.get("target", ""))
    changes, repeats = sum(row["changes"] for row in rows), sum(row["repeats"] for row in rows)
    return Reply(200, {"changes": changes, "repeats": repeats, "items": rows})


def _forget_writes(app: SandboxApp, request: Request) -> Reply:
    with app.store.writing() as data:
        data.forget_writes()
    return Reply(204)


def _faults(app: SandboxApp, request: Request) -> Reply:
    return Reply(200, {"items": app.faults.shown()})


def _add_fault(app: SandboxApp, request: Request) -> Reply:
    return Reply(201, {"id": app.faults.add(Fault.read(_object(request)))})


def _remove_fault(app: SandboxApp, request: Request, fault_id: str) -> Reply:
    return Reply(204) if app.faults.remove(fault_id) else Reply(404, {"error": f"There is no {fault_id}."})


def _clear_faults(app: SandboxApp, request: Request) -> Reply:
    app.faults.clear()
    return Reply(204)


def _settings(app: SandboxApp, request: Request) -> Reply:
    return Reply(200, app.settings())


def _change_settings(app: SandboxApp, request: Request) -> Reply:
    app.change_settings(**_object(request))
    return Reply(200, app.settings())


def _reset(app: SandboxApp, request: Request) -> Reply:
    app.reset()
    return Reply(204)


def _requests(app: SandboxApp, request: Request) -> Reply:
    return Reply(200, {"items": _newest(app, 200)})


def _object(request: Request) -> dict[str, Any]:
    try:
        read = orjson.loads(request.get_data())
    except ValueError:
        raise ValueError("The body is not JSON.") from None
    if not isinstance(read, dict):
        raise ValueError("The body is not a JSON object.")
    return read


def _newest(app: SandboxApp, count: int) -> list[dict[str, Any]]:
    return list(reversed(list(app.requests)))[:count]


def _back(said: str, *, bad: bool = False) -> Reply:
    return Reply(303, None, {"Location": "/_sandbox?" + urlencode({"said": said} | ({"bad": 1} if bad else {}))})


def _fault_settings(fault: dict[str, Any]) -> str:
    parts = {"latency": ["seconds"], "hang": ["seconds"], "status": ["status", "retry_after"]}.get(fault["kind"], [])
    made = [f"{name} {fault[name]}" for name in parts if fault[name] is not None]
    return ", ".join([*made, *([f"after {fault['after']}"] if fault["after"] else [])])


def _reach(document: Any, path: str) -> Any:
    for name in path.split("."):
        document = document.get(name) if isinstance(document, dict) else None
    return document


_HANDLERS: list[tuple[str, str, Callable[..., Reply]]] = [
    ("GET", "/_sandbox", _control_page),
    ("GET", "/_sandbox/browse/<collection>", _browse_page),
    ("GET", "/_sandbox/writes", _writes_page),
    ("POST", "/_sandbox/faults", _add_fault_form),
    ("POST", "/_sandbox/faults/<fault_id>/remove", _remove_fault_form),
    ("POST", "/_sandbox/settings", _settings_form),
    ("POST", "/_sandbox/reset", _reset_form),
    ("GET", "/_sandbox/api/state", _state),
    ("GET", "/_sandbox/api/state/<collection>", _collection),
    ("GET", "/_sandbox/api/writes", _writes),
    ("DELETE", "/_sandbox/api/writes", _forget_writes),
    ("GET", "/_sandbox/api/faults", _faults),
    ("POST", "/_sandbox/api/faults", _add_fault),
    ("DELETE", "/_sandbox/api/faults", _clear_faults),
    ("DELETE", "/_sandbox/api/faults/<fault_id>", _remove_fault),
    ("GET", "/_sandbox/api/settings", _settings),
    ("PATCH", "/_sandbox/api/settings", _change_settings),
    ("POST", "/_sandbox/api/reset", _reset),
    ("GET", "/_sandbox/api/requests", _requests),
]
_MAP = Map(
    [Rule(rule, endpoint=handler, methods=[method]) for method, rule, handler in _HANDLERS], strict_slashes=False
)
