"""Which addresses may be reached. Pure: it resolves nothing and opens nothing."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# IANA's special-purpose registries, and the ranges that carry an IPv4 address inside an IPv6 one.
_SPECIAL: tuple[tuple[str, Network], ...] = tuple(
    (reason, ipaddress.ip_network(network))
    for reason, networks in {
        "this machine": ("0.0.0.0/8", "127.0.0.0/8", "::/128", "::1/128"),
        "a private network": ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10"),
        "a provider's inner network": ("100.64.0.0/10",),
        "a link-local address": ("169.254.0.0/16", "fe80::/10"),
        "a multicast address": ("224.0.0.0/4", "ff00::/8"),
        "a benchmark network": ("198.18.0.0/15", "2001:2::/48"),
        "a documentation network": (
            "192.0.2.0/24",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "2001:db8::/32",
            "3fff::/20",
        ),
        "an address translation": ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "192.88.99.0/24", "2001::/32"),
        "an IPv4 address in disguise": ("::/96", "::ffff:0:0:0/96"),
        "a reserved address": ("192.0.0.0/24", "240.0.0.0/4", "100::/64", "2001::/23", "5f00::/16"),
    }.items()
    for network in networks
)
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\Z")


def read_address(text: str) -> Address:
    """The address, an IPv4 one in an IPv6 coat taken out of it. Raises ValueError."""
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def why_special(address: Address) -> str:
    """What is special about an address, such as "a private network"; empty for a public one."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return why_special(address.ipv4_mapped)
        address = ipaddress.IPv6Address(int(address))  # Without its zone.
    for reason, network in _SPECIAL:
        if address in network:
            return reason
    return "" if address.is_global and not address.is_multicast else "a reserved address"


def plain_host(host: str) -> str:
    """A host name as it is compared: lower case, no final dot, no brackets."""
    host = host.strip().lower().rstrip(".")
    return host[1:-1] if host.startswith("[") and host.endswith("]") else host


WIDEST_PREFIX = 7
"""A rule opens no wider range: fc00::/7 is the widest private one."""


@dataclass(frozen=True)
class Rule:
    """One special target that an administrator allows. Without `port` every port is meant."""

    network: Network | None = None
    host: str = ""
    port: int | None = None

    def covers(self, host: str, port: int, address: Address) -> bool:
        """Whether this rule allows this address, reached by this name."""
        if self.port is not None and self.port != port:
            return False
        if self.network is not None:
            return address in self.network
        # Services of the machine's own cloud live on link-local addresses, and a name may point anywhere.
        return self.host == plain_host(host) and not address.is_link_local


def read_rule(text: str) -> Rule:
    """A rule from a host name, host:port, address, address:port or CIDR range. Raises ValueError with a sentence."""
    given = text.strip().lower()
    if "/" in given:
        try:
            network = ipaddress.ip_network(given, strict=False)
        except ValueError:
            raise ValueError(f'"{text}" is no range of addresses. Write it like 10.1.0.0/16.') from None
        if network.prefixlen < WIDEST_PREFIX:
            raise ValueError(f'"{text}" would open nearly everything. Name the hosts, or a range like 10.1.0.0/16.')
        return Rule(network=network)
    target, port = _split_port(given, text)
    try:
        return Rule(network=ipaddress.ip_network(read_address(plain_host(target))), port=port)
    except ValueError:
        pass
    host = plain_host(target)
    if not _HOST.match(host):
        raise ValueError(f'"{text}" is no host name, address or range. Write it like ldap.example.com:636.')
    return Rule(host=host, port=port)


def _split_port(given: str, text: str) -> tuple[str, int | None]:
    match = re.fullmatch(r"(\[[^\]]*\]|[^:\[\]]*):(\d{1,5})", given)
    if match is None:
        return given, None
    port = int(match[2])
    if not 0 < port < 65536:
        raise ValueError(f'"{text}" names a port that does not exist. Ports are 1 to 65535.')
    return match[1], port


class Allowance:
    """What a policy allows. A public address needs no rule; a special one needs one that covers it."""

    def __init__(self, rules: Iterable[str]) -> None:
        """Raises ValueError, with a sentence, for a rule that cannot be read."""
        self._rules = tuple(read_rule(rule) for rule in rules if rule.strip())

    def refusal(self, host: str, port: int, address: Address) -> str:
        """Why this address must not be reached by this name; empty when it may be."""
        reason = why_special(address)
        if not reason or any(rule.covers(host, port, address) for rule in self._rules):
            return ""
        return reason
