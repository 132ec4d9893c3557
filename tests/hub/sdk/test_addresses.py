"""Which addresses may be reached, as a pure question."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.sdk.addresses import Allowance, read_address, read_rule, why_special

ADDRESSES = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6))


def _refused(address: str, *rules: str, host: str = "service.example", port: int = 443) -> bool:
    return bool(Allowance(rules).refusal(host, port, read_address(address)))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "::1",
        "0.0.0.0",  # noqa: S104
        "::",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "169.254.169.254",
        "fe80::1",
        "fe80::1%1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "fd00::1",
        "fec0::1",
        "100.64.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:4136:e378::1",
        "192.88.99.1",
        "198.18.0.1",
        "224.0.0.1",
        "ff02::1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "2001:db8::1",
    ],
)
def test_a_special_address_is_refused_unless_a_rule_allows_it(address: str) -> None:
    assert _refused(address)
    is_link_local = read_address(address).is_link_local
    assert _refused(address, "service.example") is is_link_local
    assert not _refused(address, address.partition("%")[0])


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "2a00:1450:4001::1"])
def test_a_public_address_needs_no_rule(address: str) -> None:
    assert not _refused(address)


@given(ADDRESSES)
def test_whatever_is_not_global_is_refused(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if not address.is_global or address.is_multicast:
        assert why_special(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_the_same_in_its_ipv6_coat(address: ipaddress.IPv4Address) -> None:
    assert why_special(ipaddress.IPv6Address(f"::ffff:{address}")) == why_special(address)


@given(ADDRESSES, st.integers(1, 65535), st.integers(1, 65535))
def test_a_rule_with_a_port_opens_that_port_only(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, allowed: int, asked: int
) -> None:
    text = f"[{address}]:{allowed}" if address.version == 6 else f"{address}:{allowed}"
    address = read_address(str(address))

    refused = bool(Allowance([text]).refusal("x.example", asked, address))

    assert refused == (bool(why_special(address)) and asked != allowed)


@given(st.text(max_size=40))
def test_a_rule_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        read_rule(text)
    except ValueError as trouble:
        said = str(trouble)
    else:
        said = "."
    assert said.endswith(".")


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        ("Service.Example.", True),
        ("service.example:443", True),
        ("service.example:444", False),
        ("other.example", False),
        ("example", False),
        ("10.1.2.3", True),
        ("10.1.2.3:443", True),
        ("10.1.2.3:80", False),
        ("10.1.0.0/16", True),
        ("10.2.0.0/16", False),
        ("fc00::/7", False),
    ],
)
def test_a_rule_covers_a_host_an_address_or_a_range(rule: str, allowed: bool) -> None:
    assert _refused("10.1.2.3", rule) is not allowed


@pytest.mark.parametrize("rule", ["10.1.0.0/99", "a b", "host:70000", "http://x.example/", "*"])
def test_a_rule_that_cannot_be_read_is_said_so(rule: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        read_rule(rule)


@pytest.mark.parametrize("rule", ["0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/6"])
def test_no_rule_opens_nearly_everything(rule: str) -> None:
    with pytest.raises(ValueError, match="Name the hosts"):
        read_rule(rule)


def test_an_allowed_name_never_leads_to_a_link_local_address() -> None:
    allowed = Allowance(["inside.example"])
    assert not allowed.refusal("inside.example", 80, ipaddress.ip_address("10.1.2.3"))
    assert allowed.refusal("inside.example", 80, ipaddress.ip_address("169.254.169.254"))
