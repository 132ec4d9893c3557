"""A small directory with everything in it that makes directories hard to read."""

from __future__ import annotations

import base64

from tests.connectors.ldap.slapd import READER, READER_PASSWORD, SUFFIX

PEOPLE, GROUPS = f"ou=people,{SUFFIX}", f"ou=groups,{SUFFIX}"


def entry(dn: str, **attributes: str | bytes | list[str]) -> str:
    lines = [_line("dn", dn)]
    for name, values in attributes.items():
        several = values if isinstance(values, list) else [values]
        lines += [_line(name.replace("_", "-"), value) for value in several]
    return "\n".join(lines) + "\n\n"


def _line(name: str, value: str | bytes) -> str:
    raw = value.encode() if isinstance(value, str) else value
    if raw.isascii() and raw.decode().isprintable() and not raw.startswith((b" ", b":", b"<")):
        return f"{name}: {raw.decode()}"
    return f"{name}:: {base64.b64encode(raw).decode()}"


def person(login: str, name: str, **attributes: str | bytes | list[str]) -> str:
    values: dict[str, str | bytes | list[str]] = {
        "objectClass": ["inetOrgPerson", "extensibleObject"], "uid": login, "cn": name, "sn": name.split()[-1],
        "displayName": name, "mail": f"{login}@northwind.example",
    }  # fmt: skip
    return entry(f"uid={login},{PEOPLE}", **(values | attributes))


def person_dn(login: str) -> str:
    return f"uid={login},{PEOPLE}"


def group_dn(name: str) -> str:
    return f"cn={name},{GROUPS}"


def group(name: str, *members: str, **attributes: str | bytes | list[str]) -> str:
    values: dict[str, str | bytes | list[str]] = {"objectClass": "groupOfNames", "cn": name, "member": list(members)}
    return entry(group_dn(name), **(values | attributes))


def top() -> str:
    units = "".join(
        entry(f"ou={name},{SUFFIX}", objectClass="organizationalUnit", ou=name)
        for name in ("people", "groups", "empty")
    )
    root = entry(SUFFIX, objectClass=["dcObject", "organization"], o="Northwind", dc="northwind")
    reader = entry(
        READER, objectClass=["organizationalRole", "simpleSecurityObject"], cn="reader", userPassword=READER_PASSWORD
    )
    return root + units + reader


def northwind() -> str:
    return "".join(
        [
            top(),
            person("amara", "Amara Diallo", title="Template designer", departmentNumber="Communications", c="DE"),
            person("soren", "Søren Åkesson", title="Print operator", departmentNumber="Operations", c="GB"),
            person("lena", "Lena Vogt", title="Claims handler", departmentNumber="Claims", c="DE", shadowExpire="1"),
            person("milo", "Milo Petit", jpegPhoto=b"\xff\xd8\xff\x00", telephoneNumber=["1", "2"]),
            entry(f"cn=Ghost,{PEOPLE}", objectClass=["alias", "extensibleObject"], cn="Ghost",
                  aliasedObjectName=person_dn("amara")),
            group("designers", person_dn("amara"), f"UID=Soren , {PEOPLE.upper()}", description="They design"),
            group("staff", group_dn("designers"), person_dn("lena"), group_dn("everybody")),
            group("everybody", group_dn("staff"), person_dn("milo"), person_dn("gone")),
        ]
    )  # fmt: skip
