"""Import of export packages: dry run, conflicts, logs (SPEC, SDK)."""

from __future__ import annotations

import io
import uuid
import zipfile
from typing import Any

import orjson

from connectors.exstream.sandbox.catalog import blank
from connectors.exstream.sandbox.envelopes import listed, now_ms, refuse, single
from connectors.exstream.sandbox.rights import need, need_domain
from connectors.exstream.sandbox.store import version_key, versions_of
from hub.sdk.sandbox import Exchange, Routes

routes = Routes()


@routes.on("POST", "/import/<any(das, migrator):form>/<domain>")
def take_package(exchange: Exchange, form: str, domain: str) -> Any:
    """`commit=false` is a dry run. Under the policy ERROR what exists is a conflict: 409 with 309016 (SDK)."""
    need_domain(exchange, domain)
    package, settings = exchange.files().get("exportPackage"), exchange.files().get("conflictSettings")
    if package is None:
        raise refuse(exchange, 400, "The multipart part exportPackage is missing.")
    policy = orjson.loads(settings.read()).get("policy", "ERROR") if settings is not None else "ERROR"
    try:
        with zipfile.ZipFile(io.BytesIO(package.read())) as archive:
            found = [orjson.loads(archive.read(name)) for name in archive.namelist() if name.startswith("resources/")]
    except (zipfile.BadZipFile, orjson.JSONDecodeError):
        raise refuse(exchange, 400, "The package is not an export package.") from None
    taken = [row["id"] for row in found if versions_of(exchange.data, row["id"])]
    if taken and policy == "ERROR":
        raise refuse(exchange, 409, "The package has resources that exist already.", code=309016, details=taken)
    new = [row for row in found if row["id"] not in taken]
    commit = exchange.query.get("commit", "true") == "true"
    for row in new if commit else []:
        need(exchange, domain, row["type"], "CREATE")
        made = blank(row["id"], row["name"], row["type"], domain, exchange.caller.name, now_ms())
        exchange.data.add("versions", version_key(made["id"], 1), made)
        exchange.wrote(f"resources/{made['id']}")
    if commit:
        log = {"status": "SUCCESS", "importedBy": exchange.caller.name, "importDate": now_ms(), "domainId": domain}
        exchange.data.add("import_logs", str(uuid.uuid4()), log)
    return single(exchange, {"imported": [row["id"] for row in new], "skipped": taken, "committed": commit})


@routes.on("GET", "/import/logs")
def logs(exchange: Exchange) -> Any:
    status = exchange.query.get("status", "")
    return listed(exchange, [row for row in exchange.data.find("import_logs") if status in ("", row["status"])])
