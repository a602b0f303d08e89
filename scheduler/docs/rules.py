"""``docs/rules.md``: every rule that reads a field, with its examples, from the rules themselves."""

from __future__ import annotations

from itertools import groupby

from scheduler.docs.markdown import code, page, table
from scraper.page.examples.pages import PROSE, TEXT
from scraper.page.rules.rule import Example, Rule, Veto
from scraper.page.why.registry import BODY_RULES, RULES, VETOES

_RULES = (
    "Each field of a record is decided by rules, the most trusted first; a veto forbids a value whatever rule gave it. "
    "`tonggao parse FILE --why FIELD` tells of a page which rule won, where, and what else there was. "
    "Every rule carries small pages that it reads, and that fail without it (`tests/page/test_rule_registry.py`).\n\n"
    "To add one: write a function that yields candidates in the field's module, name it in the module's "
    "`RULES`, and put a page that needs it under the same name into `scraper/page/examples/`."
)


def rules_page() -> str:
    """All rules and vetoes, by field."""
    fields = [_field(name, list(rules)) for name, rules in groupby(RULES, key=lambda r: r.field)]
    return page("Rules of the parser", _RULES, *fields, _body())


_BODY = (
    "Of the lines in the container that was chosen for its text, these rules say which are none of it, and of what "
    "zone they are (`tonggao parse FILE --lines` tells both); those of zone `text` keep lines. An arrow leads to the "
    "lines and pictures that stay beside the example's three paragraphs."
)


def _body() -> str:
    rows = [
        (code(one.name), one.zone.value, one.says, _shown(one.reads), _shown(one.refuses))
        for one in BODY_RULES
    ]
    return "\n\n".join(
        [
            "## paragraphs",
            _BODY,
            table(("Rule", "Zone", "What it goes by", "Needed by", "Stays"), rows),
        ]
    )


def _field(name: str, rules: list[Rule]) -> str:
    vetoes = [veto for veto in VETOES if veto.field == name]
    rows = [
        (code(rule.name), rule.says, _shown(rule.reads), _shown(rule.refuses)) for rule in rules
    ]
    parts = [f"## {name}", table(("Rule", "What it reads", "Reads", "Refuses"), rows)]
    if vetoes:
        parts.append(table(("Veto", "Why", "Needed by"), [_veto(veto) for veto in vetoes]))
    return "\n\n".join(parts)


def _veto(veto: Veto) -> tuple[str, str, str]:
    return code(veto.name), veto.says, _shown(veto.examples)


def _shown(examples: tuple[Example, ...]) -> str:
    return "<br>".join(f"{code(_brief(one))} → {one.value or 'none'}" for one in examples)


def _brief(example: Example) -> str:
    """An example without what all have in common."""
    markup = example.markup.replace(TEXT, "…").replace("<h1>内涝点整治提速</h1>", "")
    for line in PROSE:
        markup = markup.replace(f"<p>{line}</p>", "…")
    markup = markup.replace("<div class='footer'>版权所有 青川市</div>", "")
    return " ".join(f"{example.head}{markup}".replace("`", "'").split())[:300]
