"""The closed vocabulary of what can be wrong with a watch's target, and what an operator does about it."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """Why a message was not taken."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    SERVER_ERROR = "server_error"
    BUSY = "busy"
    REFUSED = "refused"
    REDIRECTED = "redirected"
    GONE = "gone"
    NOT_TAKEN = "not_taken"


LASTING = frozenset({Fault.REFUSED, Fault.REDIRECTED, Fault.GONE})
"""What hardly passes by itself."""

TOLD_AFTER = 3
"""Failures in a row from which the operator is told; what lasts is told at once."""

FAULT_MEND: dict[Fault, str] = {
    Fault.UNREACHABLE: "the target of a watch cannot be reached: see whether it runs, and whether its name resolves here",
    Fault.TIMEOUT: "the target of a watch answers too slowly: it should take a message first and work on it later",
    Fault.SERVER_ERROR: "the target of a watch has an error of its own (5xx): look at its log; it is tried again",
    Fault.BUSY: "the target of a watch asks for a pause (429, 408, 425): gather more with --every hour or day; it is tried again",
    Fault.REFUSED: "the target of a watch refuses messages (4xx): look at its address and key; after a day of refusals the "
    "watch rests, and `tonggao watch resume` sends what waits",
    Fault.REDIRECTED: "the target of a watch has moved (3xx), and redirects are not followed: make the watch anew with "
    "the new address",
    Fault.GONE: "the target of a watch wants no more messages (410): the watch rests; remove it, or `tonggao watch resume` it",
    Fault.NOT_TAKEN: "the service of a watch took no message: look at the address and key of its target; it is tried again",
}
"""What to do, in one sentence."""


def is_trouble(fault: Fault | None, failures: int) -> bool:
    """Whether the operator is told; the statement ``failing`` says the same.

    Args:
        fault: of the last attempt; None: it was taken.
        failures: in a row, this one included.
    """
    return fault is not None and (fault in LASTING or failures >= TOLD_AFTER)


def fault_of_status(status: int) -> Fault | None:
    """What a webhook's answer means; None: it took the message."""
    if 200 <= status < 300:
        return None
    if status in {408, 425, 429}:
        return Fault.BUSY
    if status == 410:
        return Fault.GONE
    if 300 <= status < 400:
        return Fault.REDIRECTED
    return Fault.REFUSED if 400 <= status < 500 else Fault.SERVER_ERROR
