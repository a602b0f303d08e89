"""What a rule says about a field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one rule says about a field.

    Attributes:
        value: as the field holds it.
        origin: the rule's name, perhaps with what it read behind a colon (``meta:pubdate``).
        line: the number of the line it stands in, None for a thing of the head or the address.
        trust: how far it is believed, where that depends on more than the rule.
    """

    value: Any
    origin: str
    line: int | None = None
    trust: float = 0.0
