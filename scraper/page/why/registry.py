"""Every rule and every veto, for tests, for the reference, and for those who ask why."""

from __future__ import annotations

from scraper.page.body import above, below, chosen, furniture, paragraphs
from scraper.page.body.rule import BodyRule
from scraper.page.fields import credited, headline, published, source, stated
from scraper.page.rules.rule import Rule, Veto

RULES: tuple[Rule, ...] = (
    *headline.RULES,
    *headline.SUBTITLE_RULES,
    *headline.KICKER_RULES,
    *published.RULES,
    *source.RULES,
    *credited.AUTHOR_RULES,
    *credited.EDITOR_RULES,
    *stated.RULES,
)
VETOES: tuple[Veto, ...] = (*headline.VETOES, *published.VETOES, *source.VETOES)
BODY_RULES: tuple[BodyRule, ...] = (
    *chosen.RULES,
    *paragraphs.RULES,
    *above.RULES,
    *furniture.RULES,
    *below.RULES,
)
"""What tells the text from what stands around and inside it."""
