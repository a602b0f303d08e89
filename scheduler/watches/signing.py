"""Signatures of webhooks, as Standard Webhooks has them (standardwebhooks.com). Pure.

What is signed is ``ID.SECONDS.BODY``; the receiver makes the same HMAC-SHA256 with the watch's key, and
refuses what is older than it likes. The id is the message's key: the same in every attempt.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

PREFIX = "whsec_"


def signature(secret: str, key: str, seconds: int, body: bytes) -> str:
    """The signature of a message.

    Args:
        secret: ``whsec_`` and the key in base64.
        key: the message's.
        seconds: of the attempt, since 1970.
        body: as it is sent.
    """
    made = hmac.new(
        base64.b64decode(secret.removeprefix(PREFIX)),
        f"{key}.{seconds}.".encode() + body,
        hashlib.sha256,
    )
    return "v1," + base64.b64encode(made.digest()).decode()


def headers(secret: str | None, key: str, seconds: int, body: bytes) -> dict[str, str]:
    """What a webhook is sent beside the body."""
    told = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": key,
        "webhook-id": key,
        "webhook-timestamp": str(seconds),
    }
    return told | (
        {"webhook-signature": signature(secret, key, seconds, body)} if secret is not None else {}
    )
