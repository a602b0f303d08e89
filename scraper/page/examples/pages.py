"""What the examples' pages have in common: a headline, a text, a foot."""

from __future__ import annotations

HEADLINE = "内涝点整治提速"
PROSE = (
    "青川市水务局24日召开专题会议，研究部署城区内涝点整治工作。会议指出，今年以来全市已完成易涝点改造37处。",
    "会议强调，要坚持问题导向，对照台账逐项销号，确保汛期来临前排水能力提升到三年一遇标准。",
    "下一步，该局将会同城管、住建等部门，加密巡查频次，完善应急预案，并向社会公布举报电话。",
)
TEXT = "".join(f"<p>{line}</p>" for line in PROSE)


def article(
    info: str = "",
    *,
    heading: str = f"<h1>{HEADLINE}</h1>",
    lead: str = "",
    end: str = "",
    below: str = "",
) -> str:
    """A body: headline, lines below it, the text between two of its own lines, lines below it."""
    text = f"<div class='content'>{lead}{TEXT}{end}</div>"
    return f"<div class='main'>{heading}{info}{text}{below}</div><div class='footer'>版权所有 青川市</div>"
