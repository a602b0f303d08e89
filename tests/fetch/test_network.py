from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import httpcore
import pytest
import trustme

from scraper.database import Pool
from scraper.fetch import Fetcher, FetchPolicy, HostRules, Outcome, Request, TlsException
from scraper.fetch.connect import GuardedNetwork, NameFailure
from scraper.fetch.guard import Refusal, Target
from scraper.fetch.proxies import proxy_for
from scraper.fetch.tls import make_context
from tests.fetch.web import PAGE, Call, Web, Writer, answer, listening, policy, serving

HOST = "www.xiqing.test"
URL = f"https://{HOST}/a.html"
IGNORING = HostRules(ignore_robots=True)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusting(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """The system's trust store, for this test: our own authority."""
    file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return authority


def server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


async def fetch(pool: Pool, rules: FetchPolicy, host_rules: HostRules = IGNORING) -> Outcome:
    async with Fetcher(pool, rules) as fetcher:
        return (await fetcher.fetch(Request(url=URL, rules=host_rules))).outcome


async def test_the_trust_store_of_the_system_is_used(pool: Pool, trusting: trustme.CA) -> None:
    context = server_context(trusting.issue_cert(HOST))
    async with serving(Web(), context) as web:
        assert await fetch(pool, policy(HOST, port=web.port)) is Outcome.OK


async def test_a_missing_intermediate_can_be_supplied(
    pool: Pool, trusting: trustme.CA, tmp_path: Path
) -> None:
    between = trusting.create_child_ca()
    leaf = between.issue_cert(HOST)
    chain = tmp_path / "leaf.pem"
    leaf.private_key_pem.write_to_path(str(chain))
    leaf.cert_chain_pems[0].write_to_path(str(chain), append=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    extra = tmp_path / "between.pem"
    between.cert_pem.write_to_path(str(extra))
    supplied = replace(IGNORING, tls=frozenset({TlsException.MISSING_INTERMEDIATE}), extra_ca=extra)
    async with serving(Web(), context) as web:
        rules = policy(HOST, port=web.port)
        assert await fetch(pool, rules) is Outcome.TLS
        assert await fetch(pool, rules, supplied) is Outcome.OK


async def test_p256_only(pool: Pool, trusting: trustme.CA) -> None:
    context = server_context(trusting.issue_cert(HOST))
    context.set_ecdh_curve("prime256v1")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    only = replace(IGNORING, tls=frozenset({TlsException.P256_ONLY}))
    async with serving(Web(), context) as web:
        assert await fetch(pool, policy(HOST, port=web.port), only) is Outcome.OK


def test_exceptions_weaken_only_what_they_name() -> None:
    strict = make_context((frozenset(), None))
    weak = make_context((frozenset(TlsException), None))
    legacy = 0x4
    assert not strict.options & legacy
    assert weak.options & legacy
    for context in (strict, weak):
        assert context.check_hostname
        assert context.verify_mode is ssl.CERT_REQUIRED
    assert strict.minimum_version == ssl.TLSVersion.TLSv1_2
    assert weak.minimum_version == ssl.TLSVersion.MINIMUM_SUPPORTED


async def serve_h2(reader: asyncio.StreamReader, writer: Writer) -> None:
    """A page over HTTP/2."""
    connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    connection.initiate_connection()
    writer.write(connection.data_to_send())
    while data := await reader.read(65_536):
        for event in connection.receive_data(data):
            if isinstance(event, h2.events.StreamEnded):
                fields = [(":status", "200"), ("content-type", "text/html"), ("etag", '"2"')]
                connection.send_headers(event.stream_id, fields)
                connection.send_data(event.stream_id, PAGE, end_stream=True)
        writer.write(connection.data_to_send())


async def test_http_2_is_spoken_where_it_is_offered(pool: Pool, trusting: trustme.CA) -> None:
    context = server_context(trusting.issue_cert(HOST))
    context.set_alpn_protocols(["h2"])
    async with (
        listening(serve_h2, context) as port,
        Fetcher(pool, policy(HOST, port=port)) as fetcher,
    ):
        brought = await fetcher.fetch(Request(url=URL, rules=IGNORING))
        again = await fetcher.fetch(Request(url=URL, rules=IGNORING))
    assert (brought.body, brought.etag, again.outcome) == (PAGE, '"2"', Outcome.OK)


@pytest.mark.parametrize(
    "between",
    [answer(), answer(b"", 304), answer(b"", 204), answer(PAGE, 302, {"Location": "/2.html"})],
    ids=["page", "304", "204", "redirect"],
)
async def test_a_connection_is_used_again(pool: Pool, between: bytes) -> None:
    connections = 0
    web = Web()
    web.on("/1.html", between)

    async def counted(reader: asyncio.StreamReader, writer: Writer) -> None:
        nonlocal connections
        connections += 1
        await web.serve(reader, writer)

    async with listening(counted) as port, Fetcher(pool, policy(HOST, port=port)) as fetcher:
        for number in range(3):
            await fetcher.fetch(Request(url=f"http://{HOST}/{number}.html", etag='"1"'))
    assert len(web.paths()) >= 3
    assert connections == 1


@pytest.fixture
async def proxy() -> AsyncIterator[Web]:
    """A proxy for plain http: it is asked by absolute URL and answers by itself."""
    web = Web()

    async def anything(call: Call, writer: Writer) -> None:
        writer.write(answer(f"<p>by proxy: {call.path}</p>".encode()))

    web.default = anything
    async with serving(web) as served:
        yield served


async def test_a_source_may_have_a_proxy_on_a_private_address(pool: Pool, proxy: Web) -> None:
    rules = replace(IGNORING, proxy=f"http://127.0.0.1:{proxy.port}")
    async with Fetcher(pool, policy(port=0)) as fetcher:
        brought = await fetcher.fetch(Request(url="http://www.gov.cn/a.html", rules=rules))
        refused = await fetcher.fetch(Request(url="http://10.0.0.1/a.html", rules=rules))
    assert brought.body == b"<p>by proxy: http://www.gov.cn/a.html</p>"
    assert refused.outcome is Outcome.REFUSED_UNSAFE


@pytest.mark.parametrize(
    ("rules", "host", "found"),
    [
        (HostRules(), "www.gov.cn", "http://proxy.test:1"),
        (HostRules(), "direct.gov.cn", None),
        (HostRules(proxy="direct"), "www.gov.cn", None),
        (HostRules(proxy="socks5://127.0.0.1:9"), "www.gov.cn", "socks5://127.0.0.1:9"),
        (HostRules(), "served.test", None),
    ],
)
def test_which_proxy_is_used(
    monkeypatch: pytest.MonkeyPatch, rules: HostRules, host: str, found: str | None
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", "proxy.test:1")
    monkeypatch.setenv("NO_PROXY", "direct.gov.cn")
    trusting = FetchPolicy(test_hosts={"served.test": ("127.0.0.1", 1)})
    assert proxy_for(trusting, rules, Target("http", host, 80)) == found


class Recorder(httpcore.AsyncNetworkBackend):
    """Writes down where a connection would go."""

    def __init__(self) -> None:
        self.addresses: list[str] = []

    async def connect_tcp(self, host: str, port: int, *_: object) -> httpcore.AsyncNetworkStream:
        self.addresses.append(host)
        raise httpcore.ConnectError(f"{host} does not answer")


async def connect_to(names: list[Sequence[str]]) -> list[str]:
    """Connect by names that change their meaning each time they are asked."""

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return names.pop(0)

    network, recorder = GuardedNetwork(resolve, {}), Recorder()
    network._inner = recorder  # type: ignore[assignment]
    with pytest.raises(httpcore.ConnectError):
        await network.connect_tcp("rebinding.example", 80, 1.0)
    return recorder.addresses


async def test_the_connection_goes_to_the_address_that_was_judged() -> None:
    assert await connect_to([["1.1.1.1"], ["127.0.0.1"]]) == ["1.1.1.1"]


async def test_the_addresses_of_a_name_are_tried_in_turn() -> None:
    assert await connect_to([["2400:3200::1", "1.1.1.1"]]) == ["2400:3200::1", "1.1.1.1"]


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["1.1.1.1", "10.0.0.1"], ["::ffff:10.0.0.1"]])
async def test_one_bad_address_is_enough(addresses: list[str]) -> None:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    with pytest.raises(Refusal):
        await GuardedNetwork(resolve, {}).connect_tcp("a.example", 80)


async def test_a_name_that_is_not_resolved_in_time() -> None:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        await asyncio.sleep(60)
        return []

    with pytest.raises(NameFailure):
        await GuardedNetwork(resolve, {}).connect_tcp("a.example", 80, 0.01)


async def test_a_socket_of_this_machine_is_refused() -> None:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return []

    with pytest.raises(Refusal):
        await GuardedNetwork(resolve, {}).connect_unix_socket("/run/docker.sock")
