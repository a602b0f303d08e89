"""TLS contexts: verified against the system's trust store, with exceptions where a source has them."""

from __future__ import annotations

import ssl
from pathlib import Path

import truststore

from scraper.fetch.policy import HostRules, TlsException

_LEGACY_SERVER_CONNECT = 0x4  # ssl.OP_LEGACY_SERVER_CONNECT, named only from Python 3.12 on

TlsProfile = tuple[frozenset[TlsException], Path | None]
"""What tells one context from another: the exceptions, and the file of further intermediates."""


def profile_of(rules: HostRules) -> TlsProfile:
    """The profile that a source's rules ask for."""
    return rules.tls, rules.extra_ca


def make_context(profile: TlsProfile) -> ssl.SSLContext:
    """Make a context for a profile. Certificates and host names are verified in every one.

    Raises:
        OSError: the file of intermediates cannot be read.
    """
    exceptions, extra_ca = profile
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Stated, not left to the build: Debian's Python follows openssl.cnf, which may allow less.
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if TlsException.LEGACY_RENEGOTIATION in exceptions:
        context.options |= _LEGACY_SERVER_CONNECT
    if TlsException.SECLEVEL_1 in exceptions:
        context.set_ciphers("DEFAULT:@SECLEVEL=1")
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    if TlsException.P256_ONLY in exceptions:
        context.set_ecdh_curve("prime256v1")
    if extra_ca is not None:
        context.load_verify_locations(cafile=str(extra_ca))
    return context
