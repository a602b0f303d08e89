"""A phase's result is not changed by a later one: values are frozen, and nobody writes into them."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

import scraper.page
from scraper.page import Explanation, FieldRules
from scraper.page.body.zones import Zones
from scraper.page.layout.charset import Decoded
from scraper.page.layout.container import Span
from scraper.page.layout.elements import Description
from scraper.page.layout.head import Head
from scraper.page.layout.labels import Labelled
from scraper.page.opening import open_page
from scraper.page.rules.candidate import Candidate
from scraper.page.rules.page import Article, Layers, Page
from scraper.page.rules.selectors import NO_RULES
from scraper.page.scripts.embedded import Embedded
from scraper.record.release import Release
from tests.page.golden import fixtures

_HOME = Path(scraper.page.__file__).parent
_LATER = sorted(p for p in _HOME.rglob("*.py") if p.parent.name not in ("layout", "examples"))
_CHANGING = {"append", "extend", "insert", "remove", "pop", "clear", "sort", "update", "setdefault", "add"}  # fmt: skip
_OWN = {"self", "decision", "found", None}
"""What a class, a chooser and the reader of a document's block fill before they give it away."""

FROZEN = (
    *(Decoded, Head, Description, Labelled, Span, Embedded, FieldRules, Layers),
    *(Page, Article, Zones, Candidate, Explanation, Release),
)


@pytest.mark.parametrize("value", FROZEN)
def test_what_a_phase_gives_is_frozen(value: type) -> None:
    assert dataclasses.is_dataclass(value)
    assert value.__dataclass_params__.frozen  # type: ignore[attr-defined]


@pytest.mark.parametrize("module", _LATER, ids=lambda path: str(path.relative_to(_HOME)))
def test_no_later_module_writes_into_lines_or_page(module: Path) -> None:
    """Outside the layout only an object's own class sets its attributes, and lists of others stay."""
    assert list(_writes(ast.parse(module.read_text("utf-8")))) == []


def test_a_page_is_not_changed_by_the_page_that_follows() -> None:
    html = fixtures()[0].read_bytes()
    page = open_page(html, "http://a.gov.cn/1.html", None, rules=NO_RULES, layers=Layers())
    begin, before = page.text_begin, dict(vars(page))
    cut = Article("内涝点整治提速", tuple(page.body[:1]), ())
    after = page.following(cut=cut)
    assert (page.article, page.title, page.memory) == (page.body, "", {})
    assert {name: vars(page)[name] for name in before} == before
    assert (after.article, after.title, after.text_begin) == (cut.blocks, cut.title, begin)
    with pytest.raises(dataclasses.FrozenInstanceError):
        page.span = None  # type: ignore[misc]


def _writes(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign | ast.Delete):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            targets = [node.func.value] if node.func.attr in _CHANGING else []
        for target in targets:
            for one in target.elts if isinstance(target, ast.Tuple | ast.List) else [target]:
                inner = one.value if isinstance(one, ast.Subscript) else one
                if isinstance(inner, ast.Attribute) and _root(inner) not in _OWN:
                    yield f"line {one.lineno}: {ast.unparse(one)}"


def _root(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
