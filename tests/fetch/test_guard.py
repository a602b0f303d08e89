from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch import HostRules
from scraper.fetch.guard import Refusal, Target, check_target, locate, unsafe_address

PORTS = frozenset({80, 443})


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "93.184.215.14",
        "202.99.96.68",
        "2400:3200::1",
        "2606:4700::1111",
        "::ffff:1.1.1.1",
        "64:ff9b::101:101",
    ],
)
def test_public_addresses_are_safe(address: str) -> None:
    assert unsafe_address(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1",
        "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1",
        "fd12::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "nonsense",
    ],
)  # fmt: skip
def test_other_addresses_are_not(address: str) -> None:
    assert unsafe_address(address) is not None


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_judged_by_itself(address: ipaddress.IPv4Address) -> None:
    verdict = unsafe_address(str(address)) is None
    assert (unsafe_address(f"::ffff:{address}") is None) == verdict
    assert (unsafe_address(f"64:ff9b::{address}") is None) == verdict


@given(st.ip_addresses())
def test_nothing_that_python_calls_private_is_safe(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if unsafe_address(str(address)) is None and getattr(address, "ipv4_mapped", None) is None:
        nat64 = address in ipaddress.ip_network("64:ff9b::/96")
        assert nat64 or (address.is_global and not address.is_multicast)


@given(st.ip_addresses(v=4, network="127.0.0.0/8"), st.sampled_from("dho"), st.integers(0, 3))
def test_no_spelling_of_loopback_passes(
    address: ipaddress.IPv4Address, base: str, joined: int
) -> None:
    octets = list(address.packed)
    tail = int.from_bytes(bytes(octets[3 - joined :]), "big")
    numbers = [*octets[: 3 - joined], tail]
    spell = {"d": str, "h": hex, "o": lambda n: f"0{n:o}"}[base]
    with pytest.raises(Refusal):
        locate(f"http://{'.'.join(map(spell, numbers))}/")  # type: ignore[call-overload]


@given(st.text(max_size=60))
def test_locate_gives_a_target_or_refuses(text: str) -> None:
    for url in (text, f"http://{text}/", f"https://www.gov.cn{text}"):
        try:
            target = locate(url)
        except Refusal:
            continue
        assert target.host.isascii()
        assert target.scheme in {"http", "https"}


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://www.TJXQ.gov.cn/a", Target("http", "www.tjxq.gov.cn", 80)),
        ("https://www.gov.cn:8443/", Target("https", "www.gov.cn", 8443)),
        ("http://www.gov.cn./", Target("http", "www.gov.cn", 80)),
        ("http://政务.中国/", Target("http", "xn--zfr164b.xn--fiqs8s", 80)),
        ("http://ｗｗｗ。gov.cn/", Target("http", "www.gov.cn", 80)),
        ("http://www.gov.cn/附件 1.doc", Target("http", "www.gov.cn", 80)),
        ("http://1.1.1.1/", Target("http", "1.1.1.1", 80)),
        ("http://[2400:3200::1]/", Target("http", "2400:3200::1", 80)),
    ],
)
def test_where_a_url_leads(url: str, target: Target) -> None:
    assert locate(url) == target


@pytest.mark.parametrize(
    "url",
    ["", "//a.cn/", "ftp://a.cn/", "http://", "http:///a", "http://a.cn:99999/", "http://u@a.cn/", "http://u:p@a.cn/",
     "http://a b/", " http://a.cn/", "http://a.cn/ ", "http://a.cn/\r\nX: y", "http://a.cn\\@b.cn/", "http://localhost/", "http://db.internal/",
     "http://printer.local/", "http://-a.cn/", "http://a..cn/", "http://" + "a" * 64 + ".cn/",
     "http://" + "a." * 200 + "cn/"],
)  # fmt: skip
def test_urls_that_are_refused(url: str) -> None:
    with pytest.raises(Refusal):
        locate(url)


@pytest.mark.parametrize(
    ("allowed", "host", "fits"),
    [
        ((), "www.gov.cn", True),
        ((), "gov.cn", True),
        ((), "evil.cn", False),
        ((".gov.cn",), "www.xq.gov.cn", True),
        ((".gov.cn",), "evilgov.cn", False),
        (("WWW.gov.cn", "img.gov.cn"), "img.gov.cn", True),
        (("img.gov.cn",), "www.gov.cn", False),
    ],
)
def test_the_list_of_hosts(allowed: tuple[str, ...], host: str, fits: bool) -> None:
    start, rules = Target("http", "www.gov.cn", 80), HostRules(allowed_hosts=allowed)
    if fits:
        check_target(Target("http", host, 80), start, rules, PORTS)
        return
    with pytest.raises(Refusal) as caught:
        check_target(Target("http", host, 80), start, rules, PORTS)
    assert caught.value.listed


def test_ports_are_limited_and_a_source_may_add_its_own() -> None:
    target = Target("http", "www.gov.cn", 8099)
    with pytest.raises(Refusal):
        check_target(target, target, HostRules(), PORTS)
    check_target(target, target, HostRules(allowed_ports=frozenset({8099})), PORTS)
