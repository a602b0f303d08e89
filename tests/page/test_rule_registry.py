"""Each rule reads its own examples, and an example of it fails once the rule is switched off."""

from __future__ import annotations

import pytest

from scraper.errors import PageError
from scraper.page import parse_page
from scraper.page.body.rule import BodyRule
from scraper.page.examples.pages import PROSE
from scraper.page.rules.page import Layers
from scraper.page.rules.rule import Example, Rule, Veto
from scraper.page.why.registry import BODY_RULES, RULES, VETOES
from scraper.record.release import Release
from scraper.record.serial import FIELDS


def value_of(release: Release, field: str) -> str | None:
    """A field as examples state it."""
    found = getattr(release, field)
    if not found:
        return None
    match field:
        case "published_at":
            return f"{found:%Y-%m-%d %H:%M}"
        case "images" | "attachments":
            return " ".join(one.url for one in found)
        case "document":
            return found.number  # type: ignore[no-any-return]
        case "region" | "keywords" | "next_pages":
            return " ".join(found)
        case _:
            return str(found)


def read(example: Example, without: str = "") -> Release:
    return parse_page(
        example.page.encode(),
        example.url,
        rules=example.selectors,
        received_at=example.received_at,
        listed_on=example.listed_on,
        layers=Layers(without=frozenset(filter(None, [without]))),
    )


def test_names_are_unique_and_every_field_has_rules() -> None:
    names = [one.id for one in (*RULES, *VETOES, *BODY_RULES)]  # type: ignore[attr-defined]
    assert len(names) == len(set(names))
    ruled = {rule.field for rule in RULES}
    stated = {part.name for part in FIELDS if part.stated}
    assert stated - ruled == {"paragraphs", "published_precision"}, "a field that no rule reads"
    assert ruled <= stated | {"site_region"}, "it follows from site_id"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_reads_its_examples_and_nothing_else_does(rule: Rule) -> None:
    assert rule.says
    assert rule.reads, "a rule without an example could be switched off unnoticed"
    for example in rule.reads:
        release = read(example)
        assert value_of(release, rule.field) == example.value
        told = release.origins[rule.field].split("+")
        assert any(origin.startswith(rule.name) for origin in told)
        try:
            without = value_of(read(example, rule.id), rule.field)
        except Exception as error:  # noqa: BLE001 - refused without it: noticed
            without = type(error).__name__
        assert without != example.value, "it is read as well without the rule"


@pytest.mark.parametrize("rule", [r for r in RULES if r.refuses], ids=lambda rule: rule.id)
def test_a_rule_is_silent_on_what_only_looks_like_it(rule: Rule) -> None:
    for example in rule.refuses:
        assert value_of(read(example), rule.field) == example.value


@pytest.mark.parametrize("veto", VETOES, ids=lambda veto: veto.id)
def test_a_veto_is_needed_by_its_examples(veto: Veto) -> None:
    assert veto.says
    assert veto.examples
    for example in veto.examples:
        assert value_of(read(example), veto.field) == example.value
        assert value_of(read(example, veto.id), veto.field) != example.value


def text_of(example: Example, without: str = "") -> str | None:
    """The lines and pictures of an example's text beside those that all examples have."""
    try:
        release = read(example, without)
    except PageError as error:
        return type(error).__name__
    own = list(release.paragraphs)
    missing = [line for line in PROSE if line not in own]
    for line in PROSE:
        if line in own:
            own.remove(line)
    own += [image.url.rpartition("/")[2] for image in release.images]
    return " / ".join(["(text missing)"] * bool(missing) + own) or None


@pytest.mark.parametrize("rule", BODY_RULES, ids=lambda rule: rule.id)
def test_a_rule_of_the_body_is_needed_by_its_examples(rule: BodyRule) -> None:
    assert rule.says
    assert rule.reads, "a rule without an example could be switched off unnoticed"
    for example in rule.reads:
        assert text_of(example) == example.value
        assert text_of(example, rule.id) != example.value, "it comes out as well without the rule"


@pytest.mark.parametrize("rule", [r for r in BODY_RULES if r.refuses], ids=lambda rule: rule.id)
def test_a_rule_of_the_body_leaves_the_article_its_lines(rule: BodyRule) -> None:
    for example in rule.refuses:
        assert text_of(example) == example.value
