"""The step of `benchmarks.pages`: `python -m benchmarks.pages_steps STEPS CHANGES TIMES`."""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "benchmark-1234"
# Each frame while somebody moves the canvas: how long after the one before it.
_WATCH = """() => { window.frames_ = []; let last = performance.now();
  const next = (now) => { window.frames_.push(now - last); last = now;
    window.watching_ = requestAnimationFrame(next); };
  window.watching_ = requestAnimationFrame(next); }"""


def main(steps: int, changes: int, times: int) -> int:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    plan = _made(steps, changes)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
               "--blocking-threads", "8", "--no-ws", "hub.wsgi:application"]  # fmt: skip
    env = dict(os.environ) | {
        "LOCKGATE_ALLOWED_HOSTS": "127.0.0.1",
        "LOCKGATE_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    web = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        print(json.dumps(_measured(f"http://127.0.0.1:{port}", plan, times)))
    finally:
        web.terminate()
        web.wait(timeout=20)
    return 0


def _made(steps: int, changes: int) -> str:
    """Ada, a workflow of many steps, and a plan of many changes; gives the plan's id."""
    from hub.accounts.access import Actor
    from hub.accounts.models import Membership, Person, Workspace
    from hub.connections.models import Connection
    from hub.vault import seal
    from workflows.models import Change, Plan
    from workflows.services.workflows import create_workflow

    place = Workspace.objects.create(slug="benchmark", name="Benchmark")
    ada = Person.objects.create_user(username="ada", password=PASSWORD)
    Membership.objects.create(person=ada, workspace=place, roles=["admin", "builder", "approver"])
    create_workflow(Actor.member(ada, place), slug="large", document=_document(steps))
    connection = Connection(workspace=place, name="Directory", slug="directory", connector="otds")
    connection.sealed = seal({}, connection.place)
    connection.save()
    plan = Plan.objects.create(
        workspace=place, title="Everybody", state="proposed", counts={"otds.group_members create": changes}
    )
    for begin in range(0, changes, 5_000):
        numbers = range(begin, min(begin + 5_000, changes))
        Change.objects.bulk_create(Change(plan=plan, connection=connection, **_change(each)) for each in numbers)
    # From here on nothing is added to it.
    plan.digest = "0" * 64
    plan.save()
    return str(plan.id)


def _change(number: int) -> dict[str, Any]:
    group, person = f"group{number % 200}", f"person{number}"
    return {
        "position": number,
        "resource": "otds.group_members",
        "operation": "create",
        "key": f"{group}/{person}",
        "title": f"Person {number} in the group {number % 200}",
        "after": {"group": group, "person": f"{person}@Northwind"},
        "cause": {"row": number % 40},
    }


def _document(steps: int) -> dict[str, Any]:
    """Ten ways side by side, each of so many steps one after the other."""
    made = [
        {"id": f"s{number}", "kind": "transform", "title": f"Step {number}", "settings": {"value": f"={number}"}}
        for number in range(steps)
    ]
    edges = [{"from": f"s{number}", "to": f"s{number + 10}"} for number in range(steps - 10)]
    return {"format": 1, "name": "Large", "triggers": [], "steps": made, "edges": edges}


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The web server did not start.")


def _measured(address: str, plan: str, times: int) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    from hub.operations.testing import BROWSER

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(60_000)
        page.goto(f"{address}/sign-in?next=/")
        page.get_by_label("User name").fill("ada")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="Workflows").first.wait_for()
        flow = [
            _opened(page, f"{address}/workflows/large/design", ".react-flow__node-step") for _ in range(times + 1)
        ]
        pan = _panned(page)
        rows = [_opened(page, f"{address}/plans/{plan}", ".change-rows .cause") for _ in range(times + 1)]
        browser.close()
    # The first time the browser has nothing yet.
    return {"flow_ms": _of(flow[1:]), "plan_ms": _of(rows[1:]), "pan": pan}


def _opened(page: Any, address: str, wanted: str) -> float:
    """From the address to the first of what is wanted, drawn."""
    page.goto(address, wait_until="commit")
    page.wait_for_selector(wanted, state="visible")
    return float(page.evaluate("() => new Promise((done) => requestAnimationFrame(() => done(performance.now())))"))


def _panned(page: Any) -> dict[str, float]:
    page.wait_for_timeout(1_000)
    page.mouse.move(700, 850)
    page.mouse.down()
    page.evaluate(_WATCH)
    for number in range(120):
        page.mouse.move(700 - number * 4, 850 - number * 2)
    frames = page.evaluate("() => { cancelAnimationFrame(window.watching_); return window.frames_; }")
    page.mouse.up()
    return {
        "fps": round(1000 * len(frames) / sum(frames), 1),
        "p95_ms": round(statistics.quantiles(frames, n=100)[94], 1),
    }


def _of(figures: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(figures)), "least": round(min(figures))}


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
