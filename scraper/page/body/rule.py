"""Rules of the body as data: what takes a line out of the text, or keeps it there.

Many rules are patterns of one form. They are tried as one pattern, as fast as if they were one
rule; which of them matched is known by the group that closed last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from scraper.page.examples.body import READS, REFUSES
from scraper.page.layout.lines import Block
from scraper.page.rules.rule import Example

Off = frozenset[str]
"""The rules that are switched off, as ``paragraphs/name``."""
ALL_ON: Off = frozenset()


class Zone(StrEnum):
    """What a line of a page is part of."""

    MASTHEAD = "masthead"
    HEADLINE = "headline"
    BYLINE = "byline"
    TEXT = "text"
    CAPTION = "caption"
    FURNITURE = "furniture"
    OTHERS = "others"
    """Other articles, and what readers say."""
    FOOTER = "footer"


@dataclass(frozen=True, slots=True)
class BodyRule:
    """One way to tell what of a page is the article's text.

    Attributes:
        name: unique among the rules of the body.
        zone: what a line is that the rule takes; ``text`` for a rule that keeps lines.
        says: what it goes by, in a sentence.
        reads: pages whose text comes out wrong without it. A value holds the lines of the text
            beside those that all examples have, joined by " / ".
        refuses: pages that look like it and whose lines stay.
        patterns: the forms of a line, where a line alone decides.
    """

    name: str
    zone: Zone
    says: str
    reads: tuple[Example, ...]
    refuses: tuple[Example, ...] = ()
    patterns: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Field and name, by which it is switched off."""
        return f"paragraphs/{self.name}"


def rule(name: str, zone: Zone, says: str, *patterns: str) -> BodyRule:
    """A rule with its examples."""
    return BodyRule(name, zone, says, READS.get(name, ()), REFUSES.get(name, ()), patterns)


class Forms:
    """Rules of one form: what stands before and behind their patterns is common to them.

    Args:
        rules: in the order in which they are tried.
        before, behind: of the common pattern; an empty ``before`` looks anywhere in the line.
        flags: of `re`.
    """

    def __init__(
        self, rules: Iterable[BodyRule], *, before: str = "", behind: str = "", flags: int = 0
    ) -> None:
        self.rules = tuple(rules)
        self.before, self.behind, self.flags = before, behind, flags
        self.all = self._joined(ALL_ON)
        self.some = lru_cache(maxsize=512)(self._joined)

    def find(self, line: str, off: Off = ALL_ON) -> str | None:
        """The rule that a line is a case of."""
        pattern, names = self.some(off) if off else self.all
        found = pattern.match(line) if self.before else pattern.search(line)
        return names[found.lastindex - 1] if found and found.lastindex else None

    def _joined(self, off: Off) -> tuple[re.Pattern[str], tuple[str, ...]]:
        forms = [
            (one.name, form) for one in self.rules if one.id not in off for form in one.patterns
        ]
        joined = "|".join(f"{form}()" for _, form in forms) or "(?!)"
        pattern = re.compile(f"{self.before}(?:{joined}){self.behind}", self.flags)
        return pattern, tuple(name for name, _ in forms)


@dataclass(slots=True)
class Zoning:
    """What the rules have said of the container's lines so far.

    Attributes:
        off: the rules that are switched off.
        told: by the identity of a block that is out of the text the name of the rule that took it.
    """

    off: Off = ALL_ON
    told: dict[int, str] = field(default_factory=dict)

    def on(self, name: str) -> bool:
        """Whether a rule is switched on."""
        return not self.off or f"paragraphs/{name}" not in self.off

    def put(self, blocks: Iterable[Block], name: str) -> None:
        """Say of lines that they are out of the text, and by which rule; its zone is theirs."""
        for block in blocks:
            self.told[id(block)] = name
