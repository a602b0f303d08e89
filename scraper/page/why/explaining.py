"""Why a page was read as it was: fields with winner, place, rule, losers and vetoes; lines with zones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scraper.page.body.rule import Zone
from scraper.page.layout.labels import labels_of
from scraper.page.layout.lines import Block
from scraper.page.reader import Explanation
from scraper.page.rules.rule import Candidate
from scraper.text.moments import Moment
from scraper.text.times import MOMENT


@dataclass(frozen=True, slots=True)
class Reason:
    """What one candidate for a field was, and what became of it.

    Attributes:
        field, rule: names.
        verdict: ``won``, ``lost``, or the name of the veto.
        value: as text.
        line: where it stands; None for the head, the address, a script.
    """

    field: str
    rule: str
    verdict: str
    value: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page: its number, its zone with the evidence for it, its features, its text."""

    number: int
    zone: Zone
    evidence: str
    features: tuple[str, ...]
    text: str


def reasons(found: Explanation, field: str | None = None) -> Iterator[Reason]:
    """The candidates of a field, or of all, the winner first."""
    for name, decision in found.decisions.items():
        if field not in (None, name):
            continue
        if decision.winner:
            yield _reason(name, decision.winner, "won")
        for one in decision.losers:
            yield _reason(name, one, "lost")
        for one, veto in decision.vetoed:
            yield _reason(name, one, f"veto: {veto}")
    if field in (None, "paragraphs") and found.page.span:
        span = found.page.span
        value = f"lines {span.first} to {span.last - 1}"
        yield Reason("paragraphs", span.origin, "won", value, span.first)


def _reason(field: str, one: Candidate, verdict: str) -> Reason:
    return Reason(field, one.origin, verdict, _text(one.value), one.line)


def _text(value: Any) -> str:
    if isinstance(value, Moment):
        return f"{value.at.isoformat()} ({value.precision})"
    if isinstance(value, tuple):
        return ", ".join(str(getattr(one, "url", one)) for one in value)
    return str(value)


def lines(found: Explanation) -> Iterator[Line]:
    """All lines of a page in order, with the zones that the body's rules gave."""
    told = found.zones.told(found.page, given=_bylines(found))
    for number, block in enumerate(found.page.layout.blocks):
        zone, evidence = told[number]
        shown = block.text if block.picture is None else (block.picture.get("src") or "")
        yield Line(number, zone, evidence, _features(block), shown)


def _bylines(found: Explanation) -> dict[int, str]:
    """Lines that gave a field beside the text, and which."""
    given: dict[int, str] = {}
    for index, note in found.page.notes:
        given[index] = f"label {note.kind}"
    for name in ("published_at", "source", "author", "editor"):
        winner = found.decisions[name].winner
        if winner and winner.line is not None:
            given[winner.line] = f"gave {name}"
    return given


def _features(block: Block) -> tuple[str, ...]:
    """What is known of a line: its tag, prose, labels, dates, links, marks."""
    features = [block.tag]
    if block.owner.marks:
        features.append(f"marks={block.owner.marks}")
    if block.prose:
        features.append("prose")
    if block.cells:
        features.append("cells")
    if block.linked:
        features.append(f"links={block.linked}")
    features += [f"label={note.kind}" for note in labels_of(block)]
    features += ["date"] * bool(MOMENT.search(block.plain))
    return tuple(features)
