"""Which addresses may be connected to: public ones, in plain spelling, on known ports.

Pure: names are resolved elsewhere (``connect``), and every address that comes back is judged
here, after the resolution and before the connection, so that a name cannot be made to mean
something else in between.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from scraper.fetch.policy import HostRules

_REFUSED_4 = [
    ip_network(text)
    for text in (
        "0.0.0.0/8",  # this network, RFC 791
        "10.0.0.0/8",  # private, RFC 1918
        "100.64.0.0/10",  # carrier-grade NAT, RFC 6598
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, and the clouds' metadata services
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments, RFC 6890
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays, RFC 7526
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks, RFC 2544
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
]
_REFUSED_6 = [
    ip_network(text)
    for text in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation, RFC 9637
    )
]
_GLOBAL_UNICAST = ip_network("2000::/3")
_MAPPED = ip_network("::ffff:0:0/96")
_NAT64 = ip_network("64:ff9b::/96")
_LOCAL_NAMES = (
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "lan",
    "home.arpa",
    "onion",
)
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.(?!-)[a-z0-9_-]{1,63})*\.?\Z")
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")
_LONGEST = 8_192
_LONGEST_NAME = 253  # RFC 1035, without the last dot
DEFAULT_PORTS = {"http": 80, "https": 443}


class Refusal(Exception):
    """An address may not be used; the text says why.

    Attributes:
        listed: True where the address is safe but not one of the source's.
    """

    def __init__(self, reason: str, *, listed: bool = False) -> None:
        super().__init__(reason)
        self.listed = listed


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads: scheme, host in ASCII and lower case, port."""

    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> str:
        """Scheme, host and port as one text (RFC 6454)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        default = DEFAULT_PORTS[self.scheme] == self.port
        return f"{self.scheme}://{host}" + ("" if default else f":{self.port}")


def unsafe_address(text: str) -> str | None:
    """Say why an address, as the resolver gave it, may not be connected to; None if it may.

    IPv4 inside IPv6 (mapped, RFC 4291; NAT64, RFC 6052) is judged by what is inside.
    """
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return f"{text} is not an address"
    inner = _embedded(address)
    reason = _unsafe_6(inner) if isinstance(inner, IPv6Address) else _unsafe_4(inner)
    return f"{text} is {reason}" if reason else None


def _embedded(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv6Address) and (address in _MAPPED or address in _NAT64):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _unsafe_4(address: IPv4Address) -> str | None:
    network = next((net for net in _REFUSED_4 if address in net), None)
    return f"in {network}, not a public network" if network else None


def _unsafe_6(address: IPv6Address) -> str | None:
    if address not in _GLOBAL_UNICAST:
        return "outside 2000::/3, not public"
    network = next((net for net in _REFUSED_6 if address in net), None)
    return f"in {network}, not a public network" if network else None


def locate(url: str) -> Target:
    """Read where a URL leads.

    Raises:
        Refusal: it is not plain http(s), carries a password, or spells its host oddly.
    """
    if len(url) > _LONGEST:
        raise Refusal(f"the URL has {len(url)} characters, more than {_LONGEST}")
    if _CONTROL.search(url) or url != url.strip():
        raise Refusal(
            "the URL has a control character, a backslash, half a character or a blank at an end"
        )
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise Refusal(f"the URL cannot be read: {error}") from error
    if parts.scheme not in DEFAULT_PORTS:
        raise Refusal(f"the scheme is {parts.scheme or 'missing'}, not http or https")
    if parts.username is not None or parts.password is not None:
        raise Refusal("the URL carries a user name or password")
    if port is None:
        port = DEFAULT_PORTS[parts.scheme]
    return Target(parts.scheme, plain_host(host or ""), port)


def plain_host(host: str) -> str:
    """Give a host in ASCII and lower case.

    Raises:
        Refusal: it is empty, no name at all, a name of a local network, or an address that is
            unsafe or in another spelling than the usual one (decimal, octal, short, full-width).
    """
    folded = unicodedata.normalize("NFKC", host).lower().replace("。", ".")
    if ":" in folded:
        return _literal(folded)
    name = _ascii(folded)
    if _numeric(name):
        return _literal(name) if host == name else _refuse_disguised(host)
    if len(name) > _LONGEST_NAME or not _NAME.match(name):
        raise Refusal(f"{host!r} is not a host name")
    bare = name.rstrip(".")
    if any(bare == local or bare.endswith("." + local) for local in _LOCAL_NAMES):
        raise Refusal(f"{bare} is a name of a local network")
    return bare


def _ascii(name: str) -> str:
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise Refusal(f"{name!r} is not a host name: {error}") from error


def _numeric(name: str) -> bool:
    """Whether a resolver would read the name as an IPv4 address (WHATWG URL: ends in a number)."""
    return bool(_NUMBER.match(name.rstrip(".").rpartition(".")[2]))


def _refuse_disguised(host: str) -> str:
    raise Refusal(f"{host!r} is an address in disguise")


def _literal(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        return _refuse_disguised(text)
    if reason := unsafe_address(text):
        raise Refusal(reason)
    return str(address)


def check_target(target: Target, start: Target, rules: HostRules, ports: Iterable[int]) -> None:
    """Check that a target is one of the source's; ``start`` is where the request began.

    Raises:
        Refusal: the port is not allowed, or the host is not on the source's list.
    """
    if target.port not in ports and target.port not in rules.allowed_ports:
        raise Refusal(f"port {target.port} is not one that may be used")
    allowed = rules.allowed_hosts or (start.host, *_twins(start.host))
    if not any(_covers(entry.lower(), target.host) for entry in allowed):
        raise Refusal(f"{target.host} is not a host of the source", listed=True)


def _twins(host: str) -> tuple[str, ...]:
    return (host.removeprefix("www."), "www." + host)


def _covers(entry: str, host: str) -> bool:
    return host.endswith(entry) if entry.startswith(".") else host == entry
