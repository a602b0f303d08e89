"""What stands below an article inside its container: other articles, credits, rights, lists of links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import cache

from scraper.page.body.evidence import EVENT, SENTENCE, is_linked, is_posted, weight
from scraper.page.body.furniture import furniture_rule, heads_annex
from scraper.page.body.rule import ALL_ON, Forms, Off, Zone, Zoning, rule
from scraper.page.dated import is_content
from scraper.page.layout.labels import TOOLS, labels_of
from scraper.page.layout.lines import Block, Element
from scraper.page.rules.page import Page
from scraper.text.times import MOMENT
from scraper.text.vocabulary import one_of, words

_SAID = tuple(word for word in words("headings", "comments") if len(word) > 3)
_OTHERS = Forms(
    (
        rule("others", Zone.OTHERS, "The heading of a box about other articles.",
            f"(?:{one_of(words('headings', 'others'))})", r"延伸\s{0,2}[·・]\s{0,2}(?:阅读|推荐)"),
        rule("comments", Zone.OTHERS, "The heading of what readers say.", f"(?:{one_of(_SAID)})"),
        rule("rights-heading", Zone.FOOTER, "The heading of the site's notices, or the way to the next article.",
            "免责声明", "版权(?:声明|与免责)", "特别声明", "上一篇"),
    ),
    before=r"^[\[【<>\s·■◆●▶>-]{0,4}",
    behind=r"[\s\]】:：>»》]{0,6}(?:更多|$|[>+]|.{0,3}$)",
)  # fmt: skip
_AFTER = Forms(
    (
        rule("below-comments", Zone.OTHERS, "Where readers write, or how many did.",
            r"^[\[【\s]{0,3}(?:我要(?:反馈|评论)|网友(?:评论|跟贴)|发表(?:评论|回复)|[\d,.]{1,9}\s{0,2}万?(?:条评论|人参与|跟[贴帖]))"),
        rule("below-keywords", Zone.FURNITURE, "文章关键词.", r"^[\[【\s]{0,3}文章关键[词字]"),
        rule("below-pages", Zone.OTHERS, "Ways to other pages.", r"^[\[【\s]{0,3}(?:相关文档|Notice:|返回(?:顶部|首页)|下一篇(?![\u4e00-\u9fff]{1,4}，)|关闭窗口)"),
        rule("foot", Zone.FOOTER, "The page's foot.", "网站标识码", "ICP备", "公网安备", "版权所有"),
    ),
)  # fmt: skip
_NOTICES = Forms(
    (
        rule("notice-rights", Zone.FOOTER, "Whose the rights are.", "(?:本文|此?内容|文章|稿件|图片).{0,20}(?:著作权|版权)(?:归|属)"),
        rule("notice-reprint", Zone.FOOTER, "What is asked of those who print it again.",
            "未经.{0,16}(?:授权|许可|允许|同意).{0,16}(?:转载|使用|摘编|镜像|复制)", "如需转载", "转载.{0,6}(?:请|须|需)(?:注明|联系|标明)", "与?本(?:站|网)联系", "稿酬"),
        rule("notice-risk", Zone.FOOTER, "What the site does not answer for.",
            "据此(?:操作|投资|入市)", "风险请?自[担负]", "不代表.{1,10}(?:立场|观点)", "不构成.{0,10}(?:建议|意见)"),
        rule("notice-hotline", Zone.FOOTER, "Where readers bring news, or advertisements.",
            "(?:新闻|读者)热线", "想要?爆料", "报料", "提供.{0,4}新闻线索", "有新闻线索", "广告合作"),
        rule("notice-channel", Zone.FURNITURE, "The site's own channels.",
            "(?:欢迎|感谢|请)[^。]{0,10}订阅", "限时免费", "推荐进入", "^打开.{2,16}(?:查看|阅读|体验|看更多)", "二维码.{0,6}(?:关注|订阅)",
            "(?:关注|订阅).{0,14}公众号", "(?:首发于|公众号).{0,6}(?:微信)?公众号", "(?:下载|打开).{0,20}客户端.{0,3}(?:看|查看|获取)", "^更多.{0,16}请?(?:关注|点击|访问)"),
        rule("notice-source", Zone.BYLINE, "The source, in brackets or not.",
            r"^[(（\[]?(?:文章|消息|稿件|信息|内容|新闻)?来源\s{0,2}[:：]\s{0,2}[^。，]{2,24}$"),
    ),
)  # fmt: skip
_REPLIED = re.compile(
    r"^(?:沙发|板凳|地板|地毯|\d{1,4}\s?(?:楼|#))[\s:：#]{1,4}.{0,30}(?:发表|发布|回复|评论|回帖)(?:于|时间|日期)"
)
"""What stands above a reader's answer to a post."""
_TAGS = re.compile(r"^[\[【\s]{0,3}(?:关键[词字]|标签)[:：\s]")
_ITEM = re.compile(r"^[(（]?[\d一二三四五六七八九十]{1,3}[.、)）]")
_RIGHTS = re.compile(
    r"^[\[【\s※*]{0,4}(?:本[网站])?(?:版权|免责|转载|著作权)(?:声明)?(?:及|与|和|、|/)?(?:版权|免责|转载)?(?:声明|说明|条款)(?:[\]】\s]{0,3}[:：]|[\]】\s]{0,3}$|】)|"
    r"凡.{0,8}(?:注明|标注|标明).{0,6}来源"
)
"""What opens the box of a site's rights, alone or before its first sentence."""
_NOTE_LENGTH, _NOTES = 240, 10
_BOX = 200
"""Lines below a heading that are looked at for whether the text goes on."""
_LISTED = re.compile(
    r"^\d{0,3}\W{0,3}(\S.{7,80}?)[\s\x1f\[(]{0,4}(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?[\])]?$"
)

_DATED_FIRST = re.compile(
    r"^\W{0,3}(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?[\s\x1f\])]{1,4}(\S.{7,80})$"
)


_RIGHTS_BOX = rule(
    "rights-box", Zone.FOOTER, "The box of the site's rights, from its first sentence."
)
_KEYWORDS = rule("linked-keywords", Zone.FURNITURE, "关键词 and 标签 with links.")
_EDITED = rule("editor-line", Zone.BYLINE, "责任编辑 in a line of labels: below it is no text.")
_STEPS = (
    rule("replies", Zone.OTHERS, "What readers answered to a post: 沙发, 2楼."),
    rule("listing", Zone.OTHERS, "The links below a heading such as 相关新闻."),
    rule("tool-pictures", Zone.FURNITURE, "Pictures beside 字号 and 打印 are buttons."),
    _RIGHTS_BOX,
    _KEYWORDS,
    _EDITED,
    rule("goes-on", Zone.TEXT, "A box of links in the middle: the text goes on below it."),
    rule("last-links", Zone.OTHERS, "Links as last lines."),
    rule("last-rows", Zone.OTHERS, "Rows of a list, with rank and day, as last lines."),
    rule("last-time", Zone.BYLINE, "发布时间 as last line; when an event takes place is text."),
    rule("signed-off", Zone.BYLINE, "来源：, 记者 | 张三 as last lines."),
    rule("posted-below", Zone.BYLINE, "Posted by John Smith, Filed under as last lines."),
)  # fmt: skip
RULES = (*_OTHERS.rules, *_AFTER.rules, *_NOTICES.rules, *_STEPS)


def curtailed(page: Page, blocks: list[Block], zoning: Zoning) -> list[Block]:
    """Without what follows a heading such as 相关阅读, and without a last list of links."""
    whole, above = weight(blocks), 0
    off, rest = zoning.off, blocks
    for index, block in enumerate(blocks):
        over = _end_rule(block, off) if 2 * above >= whole else None
        if over and zoning.on("goes-on") and _goes_on(blocks[index : index + _BOX], off):
            over = None
        if over is None and above and _REPLIED.match(block.text) and zoning.on("replies"):
            over = "replies"
        if over:
            rest, cut = blocks[:index], blocks[index:]
            zoning.put(cut, over)
            break
        above += len(block.text) - block.linked
    end = len(rest)
    spoken = cache(lambda: Counter(found[0] for b in rest if (found := _SIGNED_OFF.match(b.plain))))
    first = max(0, end - _LAST)
    while end > first and (last := _last_rule(page, rest[end - 1], spoken, zoning)):
        end -= 1
        zoning.put([rest[end]], last)
    return rest[:end] if end else rest


def without_notices(blocks: list[Block], zoning: Zoning) -> list[Block]:
    """Without the site's last words about itself, below at least as much text."""
    kept = list(blocks)
    texts = [i for i, block in enumerate(blocks) if block.picture is None][-_NOTES:]
    above = weight(blocks)
    for index in reversed(texts):
        block = blocks[index]
        above -= len(block.text) - block.linked
        told = _notice_rule(block, zoning.off) or furniture_rule(block, zoning.off)
        if told is None:
            break
        if above < len(block.text):
            break
        zoning.put([block], told)
        del kept[index]
    return kept


def _notice_rule(block: Block, off: Off) -> str | None:
    """Whether a line is the site's about itself; an item of a numbered list is not."""
    text = block.text
    if len(text) > _NOTE_LENGTH or _ITEM.match(text) or block.cells:
        return None
    return _NOTICES.find(text, off)


def without_furniture(blocks: list[Block], zoning: Zoning) -> list[Block]:
    """Without the site's lines; a heading such as 相关新闻 goes with the links below it."""
    kept: list[Block] = []
    listing = False
    tools: Element | None = None
    off = zoning.off
    for block, following in zip(blocks, [*blocks[1:], None], strict=False):
        if block.picture is not None:
            if block.owner is not tools:
                kept.append(block)
            else:
                zoning.put([block], "tool-pictures")
            continue
        heads = (
            zoning.on("listing") and len(block.text) < _HEADING and _OTHERS.find(block.text, off)
        )
        if heads and following is not None and following.picture is None:
            listing = is_linked(following)
        elif not (listing and is_linked(block)):
            listing = False
        noise = furniture_rule(block, off)
        if noise and heads_annex(block, following):
            noise = None
        beside = noise and zoning.on("tool-pictures") and TOOLS.match(block.text)
        tools = block.owner if beside else None
        if listing or noise:
            zoning.put([block], noise or "listing")
        else:
            kept.append(block)
    return kept


_HEADING = 24


def _goes_on(rest: list[Block], off: Off) -> bool:
    """Whether the text goes on below a box of links that stands in its middle.

    One link with one text below it is a teaser (news.163.com, 2019), no box.
    """
    texts = [block for block in rest[1:] if block.picture is None]
    links = next((i for i, block in enumerate(texts) if not is_linked(block)), len(texts))
    below = texts[links:]
    if not 0 < links < 8 or not below or not below[0].prose or _end_rule(below[0], off):
        return False
    prose = {block.text for block in below if block.prose}
    return not any(block.linked for block in below) and (links > 1 or len(prose) > 1)


def _end_rule(block: Block, off: Off = ALL_ON) -> str | None:  # noqa: PLR0911 - one answer a rule
    """Whether an article is over here: a heading such as 相关阅读, or the editor's line."""
    if block.picture is not None:
        return None
    if _RIGHTS.match(block.text) and _RIGHTS_BOX.id not in off:
        return "rights-box"
    if len(block.text) > _END:
        return None
    if told := _AFTER.find(block.text, off):
        return told
    if block.linked and _TAGS.match(block.text) and _KEYWORDS.id not in off:
        return "linked-keywords"
    if len(block.text) < _HEADING and (told := _OTHERS.find(block.text, off)):
        return told
    edited = any(note.kind == "editor" for note in labels_of(block))
    if edited and not SENTENCE.search(block.text[:-1]) and _EDITED.id not in off:
        return "editor-line"
    return None


_LAST = 20_000
"""How many last lines may be none of the text: a page with more of them is made to cost time."""
_END = 60
"""Longer lines end no article, the site's rights aside."""


def _last_rule(
    page: Page, last: Block, spoken: Callable[[], Counter[str]], zoning: Zoning
) -> str | None:
    """Whether a last line is none of the text: a link, the site's, or who made the release."""
    if last.picture is not None:
        return None
    if is_linked(last) and _is_link_line(last) and zoning.on("last-links"):
        return "last-links"
    if _is_listed(last) and _is_link_line(last) and zoning.on("last-rows"):
        return "last-rows"
    if told := _label_rule(page, last, zoning):
        return told
    signed = _signs_off(last, spoken) and zoning.on("signed-off")
    posted = is_posted(last.text) and zoning.on("posted-below")
    told = "signed-off" if signed else "posted-below" if posted else None
    return told or furniture_rule(last, zoning.off)


def _label_rule(page: Page, block: Block, zoning: Zoning) -> str | None:
    """Whether a last line is one of labels (发布日期, 责任编辑); when an event takes place is content."""
    if len(block.text) >= _END:
        return None
    kinds = {note.kind for note in labels_of(block)}
    if "editor" in kinds and zoning.on("editor-line"):
        return "editor-line"
    if "time" not in kinds or (EVENT.match(block.plain) and not MOMENT.search(block.plain)):
        return None
    if not zoning.on("last-time") or is_content(page, block):
        return None
    return "last-time"


_SIGNED_OFF = re.compile(
    rf"^[■●▲◆□*\s\x1f]{{0,4}}(?:{one_of(words('labels', 'source', 'author'))})[\s\x1f]{{0,3}}[:|丨︱]"
)
"""``来源：青川日报``, ``记者 | 张三`` as a last line; in brackets, （记者 张三）, it is the text's."""


def _signs_off(block: Block, spoken: Callable[[], Counter[str]]) -> bool:
    """Whether a last line says who made the release; a label that begins several lines is a speaker's."""
    found = _SIGNED_OFF.match(block.plain) if len(block.text) < 60 else None
    return found is not None and spoken()[found[0]] == 1 and not SENTENCE.search(block.text)


def _is_listed(block: Block) -> bool:
    """Whether a line is a row of a list: a link with its rank before it and its day behind it, or its day before it."""
    text = block.text if block.linked > 7 else ""
    found = _LISTED.match(text) or _DATED_FIRST.match(text)
    return found is not None and block.linked >= 0.9 * len(found[1])


def _is_link_line(block: Block) -> bool:
    return block.owner.tag in _ROW_TAGS and not _FILE.search(block.text)


_ROW_TAGS = ("li", "a", "div", "ul", "td", "tr")
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|zip|rar|wps|ofd)|附件", re.IGNORECASE)
