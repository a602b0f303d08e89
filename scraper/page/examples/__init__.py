"""The examples of the rules, by field; and rules put together with theirs."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable

from scraper.page.examples import headline, published, record
from scraper.page.rules.page import Page
from scraper.page.rules.rule import Candidate, Example, Rule, Veto

_READS: dict[str, dict[str, tuple[Example, ...]]] = {
    **headline.READS, **published.READS, **record.READS,
}  # fmt: skip
_REFUSES: dict[str, dict[str, tuple[Example, ...]]] = {
    **headline.REFUSES, **published.REFUSES, **record.REFUSES,
}  # fmt: skip
_VETOED: dict[str, dict[str, tuple[Example, ...]]] = {
    **headline.VETOED, **published.VETOED,
}  # fmt: skip

Find = Callable[[Page], Iterable[Candidate]]
Forbids = Callable[[Page, Candidate], bool]


def rules_of(field: str, *named: tuple[str, Find]) -> tuple[Rule, ...]:
    """Rules from functions whose docstrings say what they read."""
    reads, refuses = _READS.get(field, {}), _REFUSES.get(field, {})
    return tuple(
        Rule(name, field, _says(find), find, reads.get(name, ()), refuses.get(name, ()))
        for name, find in named
    )


def vetoes_of(field: str, *named: tuple[str, Forbids]) -> tuple[Veto, ...]:
    """Vetoes from functions whose docstrings say what they forbid."""
    examples = _VETOED.get(field, {})
    return tuple(
        Veto(name, field, _says(forbids), forbids, examples.get(name, ()))
        for name, forbids in named
    )


def _says(function: Callable[..., object]) -> str:
    text = inspect.getdoc(function) or ""
    return " ".join(text.partition("\n\n")[0].split())
