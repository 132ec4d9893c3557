"""Packs: nothing in one can be altered, removed or added without the verifier noticing, with nothing but Python."""

from __future__ import annotations

import ast
import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from hub.api.errors import Conflict
from hub.audit.chains import check_evidence
from hub.audit.evidence import holding, services, verifier
from hub.audit.evidence.keeping import empty_old
from hub.audit.models import AuditEntry, EvidencePack
from hub.sdk import Record
from tests.hub.audit.kept import day, job, keep, person, unpack, verdict

pytestmark = pytest.mark.django_db
SECRET = "the letter to Mrs Adler"


def history(number: int) -> Record:
    body = {"domain": "emea", "resource": "renewal", "version": 1, "state": "APPROVED",
            "modifiedBy": "henrik@Northwind", "modifiedDate": day(number).isoformat(),
            "auditedComment": SECRET}  # fmt: skip
    return Record(f"emea|renewal|{number}", body)


@pytest.fixture
def evidence(team):
    keep(team, "person", person("amara"), person("henrik"))
    keep(team, "job", job(1), job(2), job(3), job(4))
    keep(team, "history", history(1), history(2))
    return team


@pytest.fixture
def pack(alice, evidence, tmp_path) -> Path:
    held = services.create_pack(alice, title="May", chosen={})
    return unpack(bytes(services.read_pack(alice, str(held.id)).content), tmp_path)


def test_an_untouched_pack_is_whole_and_names_the_digest_and_the_head_that_were_told(pack, team):
    held = EvidencePack.objects.get()
    code, said = verdict(pack, "--pack", held.sha256, "--head", held.manifest["head"])

    assert (code, "WHOLE" in said) == (0, True), said
    assert held.manifest["head"] in said
    assert check_evidence(team.id).head == held.manifest["head"]


def table(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / "records.csv").read_text("utf-8-sig"), newline="")))


def _lines(change: Callable[[list[str]], Any], name: str = "records.jsonl") -> Callable[[Path], None]:
    def work(folder: Path) -> None:
        lines = (folder / name).read_text().splitlines()
        change(lines)
        (folder / name).write_text("".join(f"{each}\n" for each in lines))

    return work


def _say(old: str, new: str, name: str = "records.jsonl") -> Callable[[Path], None]:
    def work(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")

    return work


def _swap(lines: list[str]) -> None:
    lines[2], lines[3] = lines[3], lines[2]


ALTERED = {
    "a record says something else": _say("complete", "canceled"),
    "a record names somebody else": _say("amara@Northwind", "henry@Northwind"),
    "a record's time is another": _say("henrik@Northwind", "gerrit@Northwind"),
    "a record is removed": _lines(lambda lines: lines.pop(2)),
    "the last record is removed": _lines(lambda lines: lines.pop()),
    "a record comes twice": _lines(lambda lines: lines.insert(2, lines[1])),
    "records change places": _lines(_swap),
    "a link of the chain is removed": _lines(lambda lines: lines.pop(2), "chain.txt"),
    "a link of the chain is another": _say("3 ", "3 0", "chain.txt"),
    "the table says something else": _say("job2", "job9", "records.csv"),
    "the table names somebody else": _say("henrik@", "gerrit@", "records.csv"),
    "the table tells another time": _say("2026-05-01", "2026-05-02", "records.csv"),
    "a row of the table is removed": _lines(lambda lines: lines.pop(3), "records.csv"),
    "a seal says something else": _say("evidence.sealed", "evidence.shrunk", "seals.jsonl"),
    "the report is another": lambda folder: (folder / "report.pdf").write_bytes(b"%PDF-1.4"),
    "the report is missing": lambda folder: (folder / "report.pdf").unlink(),
    "the chain is missing": lambda folder: (folder / "chain.txt").unlink(),
    "the manifest says there are fewer": _say('"records": 11', '"records": 10', "manifest.json"),
}


@pytest.mark.parametrize("how", ALTERED)
def test_whatever_is_altered_in_a_pack_is_noticed(pack, how):
    ALTERED[how](pack)
    code, said = verdict(pack)
    assert (code, "BROKEN" in said) == (1, True), said


def _file_digests_made_good(folder: Path) -> None:
    """As somebody would who knows how packs are made."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for name, about in manifest["files"].items():
        about["sha256"] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize("how", [name for name in ALTERED if "report" not in name and "manifest" not in name])
def test_it_is_noticed_too_when_the_manifest_was_made_to_fit(pack, how):
    ALTERED[how](pack)
    if (pack / "chain.txt").exists():
        _file_digests_made_good(pack)
    assert verdict(pack)[0] == 1


def test_a_pack_that_was_made_anew_out_of_a_part_of_one_is_noticed_by_its_digest(pack):
    for name in ("records.jsonl", "records.csv"):
        lines = (pack / name).read_text("utf-8").splitlines()
        del lines[-2]
        (pack / name).write_text("".join(f"{each}\n" for each in lines), "utf-8")
    _say('"records": 11', '"records": 10', "manifest.json")(pack)
    _file_digests_made_good(pack)

    assert verdict(pack)[0] == 0, "This alone cannot be known from the pack."
    assert verdict(pack, "--pack", EvidencePack.objects.get().sha256)[0] == 1


def test_what_is_not_shown_is_nowhere_in_the_pack_and_it_can_be_checked_all_the_same(alice, evidence, tmp_path):
    held = services.create_pack(alice, title="Masked", chosen={}, show=["fact"])
    folder = unpack(bytes(held.content), tmp_path)

    for file in folder.iterdir():
        if file.name != "verify.py":
            content = file.read_bytes()
            assert not any(each in content for each in (b"amara", b"henrik", SECRET.encode(), b"Claims")), file.name
    assert verdict(folder)[0] == 0
    assert held.manifest["masked"] == ["contact", "identity", "organisation", "text"]


def test_a_pack_has_only_what_was_chosen_and_is_bound_to_what_was_not(alice, evidence, tmp_path):
    held = services.create_pack(alice, title="One job", chosen={"job": "job1"})
    folder = unpack(bytes(held.content), tmp_path / "one")
    both = services.create_pack(alice, title="Histories", chosen={"subject": "renewal"}, show=["fact", "text"])

    assert len((folder / "records.jsonl").read_text().splitlines()) == 1
    rows = table(folder)
    assert [row["job"] for row in rows] == ["job1"]
    assert verdict(folder)[0] == 0
    folder = unpack(bytes(both.content), tmp_path / "both")
    assert SECRET in (folder / "records.jsonl").read_text()
    assert verdict(folder)[0] == 0


def test_a_value_that_would_be_a_formula_is_written_as_text(alice, team, tmp_path):
    keep(team, "job", Record("k", {"domain": "=cmd()", "id": "+1", "endDate": day(1).isoformat()}))
    held = services.create_pack(alice, title="F", chosen={"kind": "job"})
    rows = table(unpack(bytes(held.content), tmp_path))
    assert (rows[0]["domain"], rows[0]["job"]) == ("'=cmd()", "'+1")


def test_emptied_records_stay_in_a_pack_as_such(alice, evidence, tmp_path):
    keep(evidence, "job", job(9, endDate="2020-01-01T00:00:00+00:00"))
    holding.set_rule(alice, kind="job", keep_days=365)
    assert empty_old(evidence) == 1
    held = services.create_pack(alice, title="All", chosen={})

    assert held.manifest["emptied"] == 1
    assert verdict(unpack(bytes(held.content), tmp_path))[0] == 0


def test_the_verifier_needs_no_newer_python_than_it_says_and_nothing_of_ours():
    source = Path(verifier.__file__).read_text()
    tree = ast.parse(source, feature_version=(3, 8))
    imported = {name.name for each in ast.walk(tree) if isinstance(each, ast.Import) for name in each.names}
    assert imported == {"csv", "hashlib", "json", "os", "sys"}


def test_nothing_that_fits_makes_no_pack(alice, team):
    with pytest.raises(Conflict):
        services.create_pack(alice, title="All", chosen={"kind": "job"})


def test_who_made_and_who_fetched_a_pack_is_in_the_trail(pack):
    made = AuditEntry.objects.get(verb="evidence.packed").detail
    assert made["digest"] == EvidencePack.objects.get().sha256
    assert AuditEntry.objects.filter(verb="evidence.pack-fetched").count() == 1


def test_the_hub_says_whether_a_pack_is_one_that_it_made(alice, evidence, tmp_path, capsys):
    held = services.create_pack(alice, title="May", chosen={})
    file = tmp_path / "pack.zip"
    file.write_bytes(bytes(held.content))
    call_command("audit", "verify-pack", str(file))
    assert "Made here" in capsys.readouterr().out

    with zipfile.ZipFile(file, "a") as pack, pytest.warns(UserWarning, match="Duplicate name"):
        pack.writestr("manifest.json", "{}")
    with pytest.raises((CommandError, KeyError)):
        call_command("audit", "verify-pack", str(file))


def test_the_chain_of_evidence_is_checked_by_command_and_by_api(api, alice, evidence, capsys):
    call_command("audit", "verify", "--evidence")
    assert "team: whole" in capsys.readouterr().out
    answer = api(alice).post("/api/v1/evidence/verify", {}).json()
    assert answer["whole"]
    assert answer["head"] == check_evidence(evidence.id).head


def test_a_pack_is_made_and_fetched_by_api(api, alice, evidence, tmp_path):
    client = api(alice)
    made = client.post("/api/v1/evidence/packs", {"title": "May", "chosen": {"kind": "job"}}, format="json")
    assert made.status_code == 201, made.content
    content = client.get(f"/api/v1/evidence/packs/{made.json()['id']}/content")
    assert content["Content-Type"] == "application/zip"
    assert verdict(unpack(content.content, tmp_path), "--pack", made.json()["digest"])[0] == 0
