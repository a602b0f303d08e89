"""Redirects to where nobody should go, and names that lead there."""

from __future__ import annotations

from scraper.fetch import HostRules, Outcome
from tests.fetch.hostile.case import Case, case, raw
from tests.fetch.web import PAGE, Call, Writer, answer

UNSAFE = {
    "loopback": "http://127.0.0.1/",
    "loopback_name": "http://localhost/",
    "loopback_other": "http://127.8.9.1/",
    "short": "http://127.1/",
    "decimal": "http://2130706433/",
    "hexadecimal": "http://0x7f000001/",
    "octal": "http://0177.0.0.1/",
    "mixed_spelling": "http://0x7f.1/",
    "full_width": "http://１２７.０.０.１/",
    "ideographic_dots": "http://127。0。0。1/",
    "trailing_dot": "http://127.0.0.1./",
    "zero": "http://0.0.0.0/",
    "zero_short": "http://0/",
    "private_10": "http://10.0.0.1/",
    "private_172": "http://172.31.255.1/",
    "private_192": "http://192.168.1.1/",
    "carrier_nat": "http://100.64.0.1/",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "benchmark": "http://198.18.0.1/",
    "multicast": "http://224.0.0.1/",
    "broadcast": "http://255.255.255.255/",
    "loopback_6": "http://[::1]/",
    "unspecified_6": "http://[::]/",
    "mapped": "http://[::ffff:127.0.0.1]/",
    "mapped_hexadecimal": "http://[::ffff:7f00:1]/",
    "compatible": "http://[::127.0.0.1]/",
    "nat64": "http://[64:ff9b::10.0.0.1]/",
    "nat64_local": "http://[64:ff9b:1::a00:1]/",
    "six_to_four": "http://[2002:7f00:1::1]/",
    "teredo": "http://[2001:0:7f00:1::1]/",
    "link_local_6": "http://[fe80::1]/",
    "unique_local_6": "http://[fd00::1]/",
    "multicast_6": "http://[ff02::1]/",
    "password": "http://root:secret@{host}/",
    "backslash": "http:\\\\127.0.0.1\\",
    "port_22": "http://{host}:22/",
    "port_6379": "http://{host}:6379/",
    "ftp": "ftp://{host}/",
    "file": "file:///etc/passwd",
    "javascript": "javascript:alert(1)",
    "data": "data:text/html,x",
    "gopher": "gopher://{host}/",
}
"""Name of the case to where its redirect leads."""

RESOLVED = {
    "name-to-loopback.example": ["127.0.0.1"],
    "name-to-metadata.example": ["169.254.169.254"],
    "name-to-mapped.example": ["::ffff:10.0.0.1"],
    "one-good-one-bad.example": ["93.184.215.14", "10.0.0.1"],
}
"""What the tests' resolver says."""

REBINDING = "rebinding.example"
"""A name that leads to a public address at first and to loopback ever after."""


def unsafe(name: str, where: str) -> Case:
    host = f"to-{name.replace('_', '-')}.test"
    head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "
    there = where.format(host=host) if "{host}" in where else where
    behaviour = raw(head + there.encode() + b"\r\n\r\n")
    test_port = name.startswith("port_")
    rules = HostRules(
        allowed_hosts=() if test_port else (host, "127.0.0.1", "localhost", "0", ".1")
    )
    return case(f"to_{name}", Outcome.REFUSED_UNSAFE, behaviour, request={"rules": rules})


def named(host: str) -> Case:
    name = host.partition(".")[0].replace("-", "_")
    return case(name, Outcome.REFUSED_UNSAFE, host=host)


async def counting(call: Call, writer: Writer) -> None:
    """Redirect from each number to the next."""
    number = int(call.path.rpartition("/")[2] or 0) + 1
    writer.write(answer(b"", 302, {"Location": f"/ten_thousand/{number}"}))


CASES = [
    *(unsafe(name, where) for name, where in UNSAFE.items()),
    *(named(host) for host in (*RESOLVED, REBINDING)),
    case("ten_thousand_redirects", Outcome.BAD_REDIRECT, answer(b"", 302, {"Location": "/ten_thousand/0"}),
         more={f"/ten_thousand/{n}": counting for n in range(20)}),
    case("circle_of_one", Outcome.BAD_REDIRECT, answer(b"", 302, {"Location": "/circle_of_one"})),
    case("circle_of_two", Outcome.BAD_REDIRECT, answer(b"", 302, {"Location": "/circle_b"}),
         more={"/circle_b": answer(b"", 302, {"Location": "/circle_of_two"})}),
    case("redirect_to_nowhere", Outcome.BAD_REDIRECT, answer(b"", 302)),
    case("redirect_to_nothing", Outcome.BAD_REDIRECT, answer(b"", 302, {"Location": ""})),
    case("redirect_to_rubbish", (Outcome.BAD_REDIRECT, Outcome.REFUSED_UNSAFE),
         answer(b"", 302, {"Location": "http://[not an address/"})),
    # as the URL Standard reads them: a public address in one number, and a path that begins "/@"
    case("redirect_to_public_in_decimal", Outcome.OFF_LIST, answer(b"", 302, {"Location": "http://134744072/"})),
    case("redirect_to_own_backslash", Outcome.OK, answer(b"", 302, {"Location": "\\b\\"}),
         more={"/b/": answer()}, body=PAGE),
    case("redirect_off_the_list", Outcome.OFF_LIST, answer(b"", 302, {"Location": "http://casino.example/"})),
    case("redirect_with_endless_body", Outcome.BAD_REDIRECT,
         raw(b"HTTP/1.1 302 Found\r\nLocation: /redirect_with_endless_body\r\n\r\n", b"x" * 100_000)),
    case("redirect_in_chinese", Outcome.OK,
         raw(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /\xe9\x80\x9a\xe7\xa8\xbf\r\n\r\n", close=False),
         more={"/%E9%80%9A%E7%A8%BF": answer()}, body=PAGE),
    case("redirect_in_gbk", Outcome.OK,
         raw(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /\xcd\xa8\xb8\xe5\r\n\r\n", close=False),
         more={"/%CD%A8%B8%E5": answer()}, body=PAGE),
    case("robots_redirected_to_loopback", Outcome.BLOCKED_ROBOTS, robots=answer(b"", 302, {"Location": "http://127.0.0.1/"})),
]  # fmt: skip
