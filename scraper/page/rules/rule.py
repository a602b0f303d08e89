"""Rules as data: what reads a field, what forbids a value, and the examples that prove each.

A rule yields candidates; a veto forbids some; the field's chooser takes the most trusted that is
left. ``tests/page/test_rule_registry.py`` runs every rule on its own examples, and requires that
an example fails once its rule is switched off. ``docs/rules.md`` is written from these objects.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from scraper.page.rules.candidate import Candidate
from scraper.page.rules.page import Page
from scraper.page.rules.selectors import FieldRules

__all__ = ["Candidate", "Decision", "Example", "Rule", "Veto", "candidates", "first_of", "up_to"]


@dataclass(frozen=True, slots=True)
class Example:
    """A small page and what one field of it is.

    Attributes:
        markup: the body's.
        value: of the field, as text; None where the page states none.
        head: what stands in the head beside ``title``.
        title: the ``title`` element's text.
        url: the page's address.
        received_at, listed_on: as for ``parse_release``.
        selectors: the source's own.
    """

    markup: str
    value: str | None
    head: str = ""
    title: str = "内涝点整治提速_青川新闻网"
    url: str = "http://www.qc.gov.cn/xw/content_1.html"
    received_at: dt.datetime | None = None
    listed_on: dt.date | None = None
    selectors: FieldRules | None = None

    @property
    def page(self) -> str:
        """The whole document."""
        head = f"<meta charset='utf-8'><title>{self.title}</title>{self.head}"
        return f"<!DOCTYPE html><html><head>{head}</head><body>{self.markup}</body></html>"


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to read a field.

    Attributes:
        name: unique in its field; the beginning of every origin that it gives.
        field: a name of `Release`.
        says: what it reads, in a sentence.
        find: its candidates on a page, the best first.
        reads: pages that only this rule reads right.
        refuses: pages that look like it and on which it must stay silent.
    """

    name: str
    field: str
    says: str
    find: Callable[[Page], Iterable[Candidate]]
    reads: tuple[Example, ...]
    refuses: tuple[Example, ...] = ()

    @property
    def id(self) -> str:
        """Field and name, by which it is switched off."""
        return f"{self.field}/{self.name}"


@dataclass(frozen=True, slots=True)
class Veto:
    """Why a candidate is not taken, whatever rule gave it.

    Attributes:
        name, field, says: as of a `Rule`.
        forbids: whether it forbids a candidate.
        examples: pages that come out wrong without it.
    """

    name: str
    field: str
    says: str
    forbids: Callable[[Page, Candidate], bool]
    examples: tuple[Example, ...]

    @property
    def id(self) -> str:
        """Field and name, by which it is switched off."""
        return f"{self.field}/{self.name}"


@dataclass(slots=True)
class Decision:
    """How a field came to its value; losers and vetoes are kept only where somebody asks why.

    Attributes:
        winner: None where nothing is stated.
        losers: candidates that were not taken.
        vetoed: candidates that were forbidden, each with the name of the veto.
    """

    winner: Candidate | None = None
    losers: list[Candidate] = field(default_factory=list)
    vetoed: list[tuple[Candidate, str]] = field(default_factory=list)


def candidates(
    page: Page, rules: Iterable[Rule], vetoes: Iterable[Veto], decision: Decision
) -> Iterator[Candidate]:
    """What the rules that are switched on yield, in their order, without what is forbidden."""
    off = page.layers.without
    active = [veto for veto in vetoes if veto.id not in off] if off else tuple(vetoes)
    for rule in rules:
        if off and rule.id in off:
            continue
        for one in rule.find(page):
            veto = next((veto for veto in active if veto.forbids(page, one)), None)
            if veto is None:
                yield one
            else:
                decision.vetoed.append((one, veto.name))


def up_to(
    found: Iterable[Candidate], page: Page, decides: Callable[[list[Candidate]], bool]
) -> list[Candidate]:
    """Candidates, up to the one that decides; those behind it only where somebody asks why.

    Args:
        found: in the order in which they are looked at.
        page: the page that they are of.
        decides: whether nothing behind the last of those looked at can change the field's value.
    """
    seen: list[Candidate] = []
    for one in found:
        seen.append(one)
        if not page.asked and decides(seen):
            break
    return seen


def first_of(page: Page, rules: Iterable[Rule], vetoes: Iterable[Veto] = ()) -> Decision:
    """The decision for a field whose rules stand in the order of their trust."""
    decision = Decision()
    for one in candidates(page, rules, vetoes, decision):
        if decision.winner is None:
            decision.winner = one
            if not page.asked:
                break
        else:
            decision.losers.append(one)
    return decision
