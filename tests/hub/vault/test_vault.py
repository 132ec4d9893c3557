"""Sealing secrets, and changing the keys that seal them."""

from __future__ import annotations

import base64
import io
import json
import uuid

import pytest
from django.core.management import CommandError, call_command

from hub.connections.models import Connection
from hub.vault import Place, VaultError, seal, unseal
from hub.vault.keys import KeyRing, new_key, parse_keys, write_file
from hub.vault.ring import key_file, ring
from hub.vault.sealing import key_id_of

SECRET = {"password": "sesame"}


@pytest.fixture
def data(tmp_path, settings, monkeypatch):
    monkeypatch.delenv("LOCKGATE_VAULT_KEYS", raising=False)
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def place() -> Place:
    return Place(uuid.uuid4(), uuid.uuid4(), "credentials")


@pytest.fixture
def sealed(alice, data) -> Connection:
    made = Connection(workspace=alice.workspace, name="C", slug="c", connector="http", secrets_set=["password"])
    made.sealed = seal(SECRET, made.place)
    made.save()
    return made


def test_what_is_sealed_opens_again_and_shows_nothing(data, place):
    kept = seal(SECRET, place)

    assert b"sesame" not in kept
    assert unseal(kept, place) == SECRET
    assert seal(SECRET, place) != kept


def test_the_key_file_is_for_its_owner_only(data, place):
    seal(SECRET, place)

    assert key_file().stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("part", ["workspace", "owner", "purpose"])
def test_a_secret_opens_only_in_its_own_place(data, place, part):
    other = Place(
        uuid.uuid4() if part == "workspace" else place.workspace,
        uuid.uuid4() if part == "owner" else place.owner,
        "other" if part == "purpose" else place.purpose,
    )

    with pytest.raises(VaultError, match="do not open"):
        unseal(seal(SECRET, place), other)


@pytest.mark.parametrize("at", [0, 1, 5, 12, 20, -1])
def test_an_altered_secret_does_not_open(data, place, at):
    kept = bytearray(seal(SECRET, place))
    kept[at] ^= 1

    with pytest.raises(VaultError):
        unseal(bytes(kept), place)


@pytest.mark.django_db
def test_keys_are_rotated_without_losing_a_secret(sealed):
    before, out = key_id_of(bytes(sealed.sealed)), io.StringIO()

    call_command("vault", "add-key", stdout=out)
    still = unseal(bytes(Connection.objects.get().sealed), sealed.place)
    call_command("vault", "rotate", stdout=out)
    after = Connection.objects.get()
    call_command("vault", "status", stdout=out)

    assert still == SECRET
    assert key_id_of(bytes(after.sealed)) != before
    assert unseal(bytes(after.sealed), after.place) == SECRET
    assert "Sealed again: 1" in out.getvalue()
    assert f"{before}: nothing" in out.getvalue()


@pytest.mark.django_db
def test_the_old_key_can_go_after_a_rotation(sealed):
    old = ring().sealing
    call_command("vault", "add-key", stdout=io.StringIO())
    call_command("vault", "rotate", stdout=io.StringIO())
    held = ring()
    write_file(
        key_file(), KeyRing({name: key for name, key in held.keys.items() if name != old}, held.sealing), replace=True
    )

    assert unseal(bytes(Connection.objects.get().sealed), sealed.place) == SECRET


@pytest.mark.django_db
def test_a_lost_key_is_named_and_its_secrets_are_left_alone(sealed):
    lost = ring().sealing
    key = new_key({lost})
    write_file(key_file(), KeyRing({key.id: key}, key.id), replace=True)
    out = io.StringIO()

    with pytest.raises(CommandError, match="1 secret"):
        call_command("vault", "rotate", stdout=out)

    assert f'"{lost}"' in out.getvalue()
    assert bytes(Connection.objects.get().sealed) == bytes(sealed.sealed)


def test_another_key_of_the_same_name_is_noticed(data, place):
    kept = seal(SECRET, place)
    name = ring().sealing
    write_file(key_file(), KeyRing({name: type(ring().current)(name, b"\0" * 32)}, name), replace=True)

    with pytest.raises(VaultError, match="another key"):
        unseal(kept, place)


def test_keys_come_from_the_environment_when_it_has_them(data, place, monkeypatch):
    one, two = (f"{name}:{base64.b64encode(name.encode() * 16).decode()}" for name in ("k1", "k2"))
    monkeypatch.setenv("LOCKGATE_VAULT_KEYS", one)
    kept = seal(SECRET, place)
    monkeypatch.setenv("LOCKGATE_VAULT_KEYS", f"{two},{one}")

    assert unseal(kept, place) == SECRET
    assert key_id_of(seal(SECRET, place)) == "k2"
    assert not key_file().exists()
    with pytest.raises(CommandError, match="LOCKGATE_VAULT_KEYS"):
        call_command("vault", "add-key")


@pytest.mark.parametrize("text", ["", " , ", "a", "a:%%%", "a:c2hvcnQ=", "a b:" + "A" * 44, "a:{0},a:{0}"])
def test_keys_that_cannot_be_are_refused(text):
    with pytest.raises(VaultError) as caught:
        parse_keys(text.replace("{0}", base64.b64encode(b"k" * 32).decode()))

    assert str(caught.value).endswith(".")


def test_a_broken_key_file_says_what_to_do(data, place):
    seal(SECRET, place)
    key_file().write_text(json.dumps({"keys": {}}))

    with pytest.raises(VaultError, match="Restore it from a backup"):
        seal(SECRET, place)
