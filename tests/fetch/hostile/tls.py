"""TLS that fails: certificates, versions, and servers that speak none."""

from __future__ import annotations

import datetime as dt
import ssl
import warnings

import trustme

from scraper.fetch import HostRules, Outcome, TlsException
from tests.fetch.hostile.case import case


def server_contexts(authority: trustme.CA, hosts: dict[str, str]) -> dict[str, ssl.SSLContext]:
    """A context for each kind of server; ``hosts`` gives the name a good certificate is for."""
    stranger, long_ago = trustme.CA(), dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    certificates = {
        "good": authority.issue_cert(hosts["good"]),
        "stranger": stranger.issue_cert(hosts["stranger"]),
        "expired": authority.issue_cert(hosts["expired"], not_after=long_ago),
        "other_name": authority.issue_cert("other.example"),
        "old_version": authority.issue_cert(hosts["old_version"]),
    }
    contexts = {}
    for kind, certificate in certificates.items():
        contexts[kind] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(contexts[kind])
    with_old = contexts["old_version"]
    with_old.set_ciphers("DEFAULT:@SECLEVEL=0")
    with_old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # an old server is the point
        with_old.options |= ssl.OP_NO_TLSv1_2 | ssl.OP_NO_TLSv1_3
    return contexts


def http_2_context(authority: trustme.CA, host: str) -> ssl.SSLContext:
    """A context of a server that speaks nothing but HTTP/2."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    context.set_alpn_protocols(["h2"])
    return context


CASES = [
    case("tls_good", Outcome.OK, scheme="https", server="good"),
    case("tls_unknown_authority", Outcome.TLS, scheme="https", server="stranger"),
    case("tls_expired", Outcome.TLS, scheme="https", server="expired"),
    case("tls_other_name", Outcome.TLS, scheme="https", server="other_name"),
    case("tls_1_1_only", Outcome.TLS, scheme="https", server="old_version"),
    case("tls_that_is_http", Outcome.TLS, scheme="https", server="plain"),
    case("tls_that_is_silent", Outcome.CONNECT, scheme="https", server="silent"),
    case("tls_refused_by_the_source", Outcome.REFUSED_UNSAFE, scheme="https",
         request={"rules": HostRules(tls=frozenset({TlsException.HTTP_ONLY}))}),
    case("nothing_listens", Outcome.CONNECT, server="nothing"),
    case("closes_on_connect", Outcome.BLOCKED_ROBOTS, server="closing"),
    case("name_unknown", Outcome.DNS, host="unknown.example"),
    case("resolver_hangs", Outcome.DNS, host="hanging.example"),
    case("resolver_gives_nothing", Outcome.DNS, host="nothing.example"),
]  # fmt: skip
