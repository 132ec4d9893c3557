"""One name is known in all its spellings, and two names are never taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ldap3.utils.dn import escape_rdn

from connectors.ldap.names import as_domain, escape, key_of

CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
VALUES = st.text(alphabet=CHARACTERS, min_size=1, max_size=8).filter(lambda value: value.strip() == value)
NAMES = st.lists(st.tuples(st.sampled_from(["cn", "ou", "uid"]), VALUES), min_size=1, max_size=4)


@pytest.mark.parametrize(
    "other",
    [
        "UID=Amara,OU=People,DC=northwind",
        "uid=amara, ou=people , dc=northwind",
        "uid = amara,ou=people,dc=northwind",
        "uid=\\61mara,ou=people,dc=northwind",
        'uid="amara",ou=people,dc=northwind',
    ],
)
def test_spellings_of_one_name_are_the_same(other: str) -> None:
    assert key_of(other.encode()) == key_of(b"uid=amara,ou=people,dc=northwind")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cn=Åkesson\\, Søren,dc=x", "CN=åkesson\\2c søren,DC=X"),
        ("cn=Åkesson,dc=x", "cn=A\u030akesson,dc=x"),
        ("cn=Müller,dc=x", "cn=M\\c3\\bcller,dc=x"),
        ("cn=a  b,dc=x", "cn=a b,dc=x"),
        ("cn=a+uid=b,dc=x", "uid=b+cn=a,dc=x"),
    ],
)
def test_so_are_escapes_accents_and_the_order_of_parts(one: str, other: str) -> None:
    assert key_of(one.encode()) == key_of(other.encode())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cn=a\\,dc=x,dc=y", "cn=a,dc=x,dc=y"),
        ('cn=\\"a\\",dc=x', 'cn="a",dc=x'),
        ("cn=a\\;b=c", "cn=a;b=c"),
        ("cn=a\\+uid\\=b,dc=x", "cn=a+uid=b,dc=x"),
        ("cn=a,dc=x", "cn=a,dc=x,dc=y"),
        ("cn=a\\\\\\,b,dc=x", "cn=a\\,b,dc=x"),
    ],
)
def test_what_is_escaped_is_not_what_it_looks_like(one: str, other: str) -> None:
    assert key_of(one.encode()) != key_of(other.encode())


@given(NAMES)
def test_case_and_spaces_never_matter(name: list[tuple[str, str]]) -> None:
    plain = ",".join(f"{kind}={escape_rdn(value)}" for kind, value in name)
    spread = " , ".join(f"{kind.upper()} = {escape_rdn(value)}" for kind, value in name)

    assert key_of(plain.encode()) == key_of(spread.encode())


@given(st.binary(max_size=60))
def test_any_bytes_have_a_key(raw: bytes) -> None:
    assert isinstance(key_of(raw), bytes)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=30))
def test_no_text_can_end_a_filter(value: str) -> None:
    assert not set("*()\x00") & set(escape(value))


def test_a_base_is_named_like_its_domain() -> None:
    assert as_domain("dc=northwind,dc=example") == "northwind.example"
    assert as_domain("OU=people,DC=northwind,DC=example") == "northwind.example"
    assert as_domain("o=Northwind") == "Northwind"
