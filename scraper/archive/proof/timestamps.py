"""Timestamps of roots (RFC 3161): what is asked of an authority, and whether its answer is of a root.

The extra ``timestamps`` brings the library that writes requests and reads answers; without it nothing here works
but :func:`library_is_here`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.archive.proof.chain import Root, head_of, sealed_bytes
from scraper.errors import SettingsError, TimestampError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent to an authority.

    Attributes:
        body: the request (DER): the hash of a root, and a number that the answer must have.
        nonce: that number.
    """

    body: bytes
    nonce: int | None


def library_is_here() -> bool:
    """Whether the extra is installed."""
    return find_spec("rfc3161_client") is not None


def request_for(root: Root) -> Request:
    """A request for a timestamp of a root, with the authority's certificate in the answer."""
    from rfc3161_client import (  # noqa: PLC0415 - an extra
        HashAlgorithm,
        TimestampRequestBuilder,
    )

    built = TimestampRequestBuilder().data(sealed_bytes(_head(root)))
    request = built.hash_algorithm(HashAlgorithm.SHA256).build()
    return Request(request.as_bytes(), request.nonce)


def stated_time(
    token: bytes, root: Root, certificates: list[Certificate], nonce: int | None = None
) -> dt.datetime:
    """The time that an answer states for a root.

    Args:
        token: the answer (DER).
        root: what it is to be of.
        certificates: which the signature must lead to; with none it is not looked at.
        nonce: of the request, where that is known.

    Raises:
        TimestampError: it is none, is of something else, or no certificate vouches for it.
    """
    answer = _decoded(token)
    try:
        told = answer.tst_info
        imprint, number, time = told.message_imprint.message, told.nonce, told.gen_time
    except ValueError as error:
        raise TimestampError(f"that is no timestamp: {error}") from error
    if imprint != root.root:
        raise TimestampError(
            f"the timestamp is not of the root of {root.day}, but of {imprint.hex()}"
        )
    if nonce is not None and number != nonce:
        raise TimestampError(f"the timestamp of the root of {root.day} answers another request")
    if certificates:
        _verify(answer, root, certificates)
    return time


def read_certificates(file: Path | None) -> list[Certificate]:
    """The certificates of a file in PEM; none where there is no file.

    Raises:
        SettingsError: it cannot be read, or the extra is not installed.
    """
    if file is None:
        return []
    if not library_is_here():
        raise SettingsError(
            "timestamp_certificates is set, and nothing here reads certificates: install tonggao with its "
            "extra timestamps, or do not set it"
        )
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415 - comes with the extra

    try:
        return load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError) as error:
        raise SettingsError(f"option timestamp_certificates: {file}: {error}") from error


def _decoded(token: bytes) -> TimeStampResponse:
    from rfc3161_client import PKIStatus, decode_timestamp_response  # noqa: PLC0415 - an extra

    try:
        answer = decode_timestamp_response(token)
        status = PKIStatus(answer.status)
        texts = " ".join(answer.status_string)
    except ValueError as error:
        raise TimestampError(f"that is no timestamp: {error}") from error
    if status is not PKIStatus.GRANTED:
        raise TimestampError(f"the authority refused a timestamp: {status.name} {texts}")
    return answer


def _verify(answer: TimeStampResponse, root: Root, certificates: list[Certificate]) -> None:
    from rfc3161_client import VerificationError, VerifierBuilder  # noqa: PLC0415 - an extra

    verifier = VerifierBuilder(roots=list(certificates)).build()
    try:
        verifier.verify(answer, root.root)
    except (VerificationError, ValueError) as error:
        raise TimestampError(
            f"no certificate of timestamp_certificates vouches for the timestamp of {root.day}: {error}"
        ) from error


def _head(root: Root) -> str:
    return head_of(root.day, root.leaves, root.tree, root.previous)
