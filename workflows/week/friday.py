"""Friday: somebody leaves, and an auditor asks."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workflows.week import cast
from workflows.week.stage import PROD, Week


def play(week: Week) -> None:
    _leave(week)
    _audit(week)


def _leave(week: Week) -> None:
    tell, northwind, letter = week.telling, week.northwind, week.kept["letter"]
    tell.about(4)
    locked = northwind.design(cast.ANNA, "POST", f"/resources/{PROD}/{letter}/lock")
    week.need(locked is not None, "Anna Abbott may not lock the letter.")
    week.need(northwind.has_seat(cast.ANNA), "Anna Abbott has no seat.")
    tell.exstream("Anna Abbott, a designer, locks the letter to work on it.")
    northwind.set(cast.ANNA, accountDisabled="true")
    tell.otds("Anna Abbott leaves; her account is disabled.", week.directory_page(cast.ANNA))
    run = week.admin.run(cast.PROVISIONING)
    week.need(run["state"] == "succeeded", f"The provisioning did not succeed: {run['error']}")
    tell.hub("A run takes her access, her seat and her lock.", week.page(f"runs/{run['id']}"))
    week.need(not northwind.has_seat(cast.ANNA), "Anna Abbott still has her seat.")
    week.need(not northwind.resource(cast.TESSA, PROD, letter)["locked"], "The letter is still locked.")
    week.need(northwind.token(cast.ANNA) is None, "Anna Abbott can still sign in.")
    tell.otds("Her seat is free again, and the directory lets her in no more.", week.directory_page(cast.ANNA))
    tell.exstream("The letter is unlocked.", week.exstream_page("resources"))


def _audit(week: Week) -> None:
    tell, olga, northwind = week.telling, week.member(cast.OLGA), week.northwind
    tell.about(7)
    run = week.admin.run("week-evidence")
    week.need(run["state"] == "succeeded", f"The evidence was not collected: {run['error']}")
    tell.hub("What ran, changed, was approved and published is collected.", week.page(f"runs/{run['id']}"))
    acts = olga.call("GET", "evidence/acts", subject=week.kept["letter"])["acts"]
    week.need(bool(acts), "Nothing is known about the letter.")
    tell.hub("Olga Okafor, the auditor, asks who did what to the storm letter, and with what authority:")
    for act in acts:
        context = act.get("context") or {}
        who = f"{act['person']} ({context['department']})" if context.get("department") else str(act["person"])
        roles = ", ".join(sorted({each["role"] for each in act.get("authority") or ()}))
        tell.hub(f"  {act['at'][:16]} {who}" + (f", {roles}" if roles else "") + f": {_done(act['said'])}")
    now = datetime.now(UTC).isoformat()
    seen = olga.call("GET", "evidence/could-see", person=northwind.whole(cast.NORA), at=now)
    domains = {each["domain"] for each in seen["domains"]}
    week.need(domains == {PROD}, f"Nora is said to see {domains}.")
    week.need(northwind.sees(cast.NORA, PROD) is not None, "Nora sees less than is said.")
    week.need(northwind.sees(cast.NORA, "uk-prod") is None, "Nora sees more than is said.")
    tell.hub(f"She asks what Nora Lindqvist can see today, and why: the templates of {PROD}, because of her group.")
    tell.exstream(f"Nora's own token sees {northwind.sees(cast.NORA, PROD)} templates there, and none of uk-prod.")
    pack = olga.call("POST", "evidence/packs", {"title": f"Storm letter {week.number}", "chosen": {"domain": PROD}})
    content = olga.call("GET", f"evidence/packs/{pack['id']}/content")
    verdict = _verified(content, week.post.folder.parent / "pack", pack["digest"])
    tell.hub(f"She fetches a pack of {pack['records']} records and checks it with Python alone: {verdict}")
    olga.call("POST", "evidence/verify", {})
    tell.hub("What is kept in the hub is whole, too.", week.page("evidence"))


def _done(said: dict[str, Any]) -> str:
    """What a line of Exstream's history says."""
    comment = str(said.get("auditedComment") or "")
    return " ".join(str(said.get(name) or "") for name in ("historyType", "state")) + (
        f": {comment}" if comment else ""
    )


def _verified(content: bytes, folder: Path, digest: str) -> str:
    """What the verifier in the pack says."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        pack.extractall(folder)
    verifier = next(folder.rglob("verify.py"))
    said = subprocess.run([sys.executable, "-I", str(verifier)], cwd=verifier.parent, capture_output=True, text=True,
                          check=False)  # fmt: skip
    return said.stdout.strip().splitlines()[-1] if said.stdout.strip() else said.stderr.strip()[-300:]
