"""What chooses the container of the text; the choice itself is made in ``layout/container.py``."""

from __future__ import annotations

from scraper.page.body.rule import Zone, rule

RULES = (
    rule("rules", Zone.TEXT, "The source's own selector."),
    rule("family", Zone.TEXT, "An element that a publishing system marks as the text."),
    rule("generic", Zone.TEXT, "The element whose lines, weighed, come to most."),
    rule("script", Zone.TEXT, "An article in a script, where the page shows none."),
    rule("boxes", Zone.OTHERS, "Boxes headed as comments or other articles weigh a tenth."),
    rule("narrowed", Zone.TEXT, "The inner element named as a text that holds nearly all of the weight."),
    rule("no-labels", Zone.BYLINE, "A container of labels alone is none."),
    rule("named", Zone.TEXT, "Where nothing weighs anything, an element named as a text."),
)  # fmt: skip
