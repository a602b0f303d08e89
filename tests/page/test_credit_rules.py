"""The rules for source, author and editor: each reads its examples, and nothing else reads them."""

from __future__ import annotations

import pytest

from scraper.page import parse_page
from scraper.page.credited import AUTHOR_RULES, EDITOR_RULES
from scraper.page.page import Layers
from scraper.page.rule import Example, Rule, Veto
from scraper.page.source import RULES, VETOES

ALL = (*RULES, *AUTHOR_RULES, *EDITOR_RULES)
SELECTORS = "rules"
"""A source's own selectors are given with a page, not in it; tests/page/test_rules.py has them."""


def value_of(field: str, example: Example, *without: str) -> str | None:
    release = parse_page(
        example.page.encode(), example.url, layers=Layers(without=frozenset(without))
    )
    value = getattr(release, field)
    assert value is None or isinstance(value, str)
    return value


@pytest.mark.parametrize(
    "rule", [rule for rule in ALL if rule.name != SELECTORS], ids=lambda r: r.id
)
def test_a_rule_reads_its_examples_and_they_fail_without_it(rule: Rule) -> None:
    assert rule.reads
    for example in rule.reads:
        assert value_of(rule.field, example) == example.value
        assert value_of(rule.field, example, rule.id) != example.value
    for example in rule.refuses:
        assert value_of(rule.field, example) == example.value


@pytest.mark.parametrize("veto", VETOES, ids=lambda veto: veto.id)
def test_without_a_veto_its_examples_come_out_wrong(veto: Veto) -> None:
    assert veto.examples
    for example in veto.examples:
        assert value_of(veto.field, example) == example.value
        assert value_of(veto.field, example, veto.id) != example.value


def test_every_rule_has_a_name_of_its_own() -> None:
    ids = [rule.id for rule in ALL]
    assert len(set(ids)) == len(ids)
