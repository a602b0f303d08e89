"""Texts made to cost more than their length: motifs repeated, alone or behind a beginning."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

sre_constants, sre_parse = import_module("re._constants"), import_module("re._parser")
"""How Python itself takes a pattern apart; no public module tells it."""

GENERAL = (
    "<", "<!--", "<a ", "<title>", "<script>", "/1", "1/", " ", "\n", "\t", "\x1f", "\u3000", "1", "a", "x<", "'", '"', "&", "=",
    ":", "：", "-", "_", "/", ".", ",", "、", "（", "(", "[", "{", "年", "第", "2024-", "来源：", "记者 ", "a=", "a:", "a.", "a-", "0 ",
)  # fmt: skip
"""Motifs that no pattern may take long on."""

_CLASSES = {
    sre_constants.CATEGORY_DIGIT: "1",
    sre_constants.CATEGORY_SPACE: " ",
    sre_constants.CATEGORY_WORD: "a",
    sre_constants.CATEGORY_NOT_SPACE: "a",
    sre_constants.CATEGORY_NOT_DIGIT: "a",
    sre_constants.CATEGORY_NOT_WORD: "-",
}
_REPEATS = (
    sre_constants.MAX_REPEAT,
    sre_constants.MIN_REPEAT,
    getattr(sre_constants, "POSSESSIVE_REPEAT", None),
)


def examples(pattern: re.Pattern[Any], most: int = 12) -> list[str]:
    """Texts that begin as what the pattern finds: for each of its branches, cut at several places."""
    flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, str) else pattern.flags
    whole = _texts(sre_parse.parse(pattern.pattern, flags))[:most]
    cuts: dict[str, None] = {}
    for text in whole:
        for at in {len(text), len(text) - 1, (3 * len(text)) // 4, len(text) // 2, len(text) // 4}:
            if at > 0:
                cuts[text[:at]] = None
    return list(cuts)


def _texts(tree: Any) -> list[str]:
    found = [""]
    for operation, argument in tree:
        ends = _of(operation, argument)
        if len(found) == 1 or len(ends) == 1:
            found = [begin + end for begin in found for end in ends][:16]
        else:  # not all combinations: each beginning once, each end once
            longest = max(len(found), len(ends))
            found = [found[n % len(found)] + ends[n % len(ends)] for n in range(longest)][:16]
    return found


def _of(operation: Any, argument: Any) -> list[str]:  # noqa: PLR0911 - a table of cases
    if operation is sre_constants.LITERAL:
        return [chr(argument)]
    if operation is sre_constants.NOT_LITERAL:
        return ["x" if argument != ord("x") else "y"]
    if operation is sre_constants.ANY:
        return ["x"]
    if operation is sre_constants.IN:
        return [_member(argument)]
    if operation in _REPEATS:
        least, most, inner = argument
        return [text * max(least, min(most, 2)) for text in _texts(inner)]
    if operation is sre_constants.SUBPATTERN:
        return _texts(argument[3])
    if operation is sre_constants.BRANCH:
        return [text for branch in argument[1] for text in _texts(branch)][:16]
    if str(operation) == "ATOMIC_GROUP":
        return _texts(argument)
    return [""]  # anchors, looks around, references


def _member(members: Any) -> str:
    kind, value = members[0]
    if kind is sre_constants.NEGATE:
        refused = {chr(value) for kind, value in members[1:] if kind is sre_constants.LITERAL}
        return next(each for each in "xa1 -" if each not in refused)
    if kind is sre_constants.RANGE:
        return chr(value[0])
    if kind is sre_constants.CATEGORY:
        return _CLASSES.get(value, "a")
    return chr(value)


def texts(pattern: re.Pattern[Any], length: int) -> Iterator[tuple[str, str]]:
    """Hostile texts of a length for a pattern, each with a name."""
    own = examples(pattern)
    for motif in dict.fromkeys((*GENERAL, *own)):
        yield repr(motif), filled("", motif, length)
    for begin in own[:5]:
        for motif in dict.fromkeys((*GENERAL, *own[:5])):
            yield f"{begin!r} + {motif!r}", filled(begin, motif, length)


def filled(begin: str, motif: str, length: int) -> str:
    """A beginning and a motif repeated up to a length in characters."""
    return (begin + motif * (length // len(motif) + 1))[:length]


def search(pattern: re.Pattern[Any], text: str) -> None:
    """Look for everything that a pattern finds in a text."""
    subject = text if isinstance(pattern.pattern, str) else text.encode("utf-8", "replace")
    for _ in pattern.finditer(subject):
        pass


def match(pattern: re.Pattern[Any], text: str) -> None:
    """Try a pattern at the beginning of a text."""
    pattern.match(text if isinstance(pattern.pattern, str) else text.encode("utf-8", "replace"))


def growth(work: Callable[[int], None], length: int, steps: int = 2) -> float:
    """By how much the processor's time grows for each doubling of the length: 2 is linear, 4 square.

    The least of some measurements is taken at each length, for others use the machine too.
    """
    times = [min(_seconds(work, length << step) for _ in range(3)) for step in range(steps + 1)]
    return float((times[-1] / max(times[0], 1e-6)) ** (1 / steps))


def _seconds(work: Callable[[int], None], length: int) -> float:
    started = time.process_time()
    work(length)
    return time.process_time() - started
