"""What stands below an article inside its container: other articles, credits, rights, lists of links."""

from __future__ import annotations

import re
from collections import Counter

from scraper.page.body.evidence import EVENT, OTHERS, SENTENCE, is_linked, weight
from scraper.page.body.furniture import is_noise
from scraper.page.dated import is_content
from scraper.page.layout.labels import labels_of
from scraper.page.layout.lines import Block
from scraper.page.rules.page import Page
from scraper.text.plain import is_prose
from scraper.text.times import MOMENT
from scraper.text.vocabulary import one_of, words

_AFTER = re.compile(
    r"^[\[【\s]{0,3}(?:文章关键[词字]|我要(?:反馈|评论)|相关文档|Notice:|返回(?:顶部|首页)|下一篇|关闭窗口|"
    r"网友(?:评论|跟贴)|发表(?:评论|回复)|[\d,.]{1,9}\s{0,2}万?(?:条评论|人参与|跟[贴帖]))|网站标识码|ICP备|公网安备|版权所有"
)
"""Lines that stand below articles: keywords, comments, the page's foot."""
_REPLIED = re.compile(
    r"^(?:沙发|板凳|地板|地毯|\d{1,4}\s?(?:楼|#))[\s:：#]{1,4}.{0,30}(?:发表|发布|回复|评论|回帖)(?:于|时间|日期)"
)
"""What stands above a reader's answer to a post."""
_TAGS = re.compile(r"^[\[【\s]{0,3}(?:关键[词字]|标签)[:：\s]")
_NOTICE = re.compile(
    r"(?:本文|此?内容|文章|稿件|图片).{0,20}(?:著作权|版权)(?:归|属)|"
    r"未经.{0,16}(?:授权|许可|允许|同意).{0,16}(?:转载|使用|摘编|镜像|复制)|如需转载|转载.{0,6}(?:请|须|需)(?:注明|联系|标明)|"
    r"据此(?:操作|投资|入市)|风险请?自[担负]|不代表.{1,10}(?:立场|观点)|不构成.{0,10}(?:建议|意见)|"
    r"(?:新闻|读者)热线|想要?爆料|报料|提供.{0,4}新闻线索|有新闻线索|广告合作|(?:欢迎|感谢|请)[^。]{0,10}订阅|限时免费|推荐进入|^打开.{2,16}(?:查看|阅读|体验|看更多)|与?本(?:站|网)联系|稿酬|"
    r"二维码.{0,6}(?:关注|订阅)|(?:关注|订阅).{0,14}公众号|(?:首发于|公众号).{0,6}(?:微信)?公众号|(?:下载|打开).{0,20}客户端.{0,3}(?:看|查看|获取)|"
    r"^[(（\[]?(?:文章|消息|稿件|信息|内容|新闻)?来源\s{0,2}[:：]\s{0,2}[^。，]{2,24}$|^更多.{0,16}请?(?:关注|点击|访问)"
)
"""What a site says below articles of itself: rights, risks, hotlines, its own channels."""
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


def curtailed(page: Page, blocks: list[Block]) -> list[Block]:
    """Without what follows a heading such as 相关阅读, and without a last list of links."""
    whole, above = weight(blocks), 0
    for index, block in enumerate(blocks):
        over = 2 * above >= whole and _ends(block) and not _goes_on(blocks[index : index + _BOX])
        if over or (above and _REPLIED.match(block.text)):
            blocks = blocks[:index]
            break
        above += len(block.text) - block.linked
    end = len(blocks)
    spoken = Counter(found[0] for b in blocks if (found := _SIGNED_OFF.match(b.plain)))
    while end and _is_below(page, blocks[end - 1], spoken):
        end -= 1
    return blocks[:end] if end else blocks


def without_notices(blocks: list[Block]) -> list[Block]:
    """Without the site's last words about itself, below at least as much text."""
    kept = list(blocks)
    texts = [i for i, block in enumerate(blocks) if block.picture is None][-_NOTES:]
    above = weight(blocks)
    for index in reversed(texts):
        block = blocks[index]
        above -= len(block.text) - block.linked
        if not _is_notice(block) and not is_noise(block):
            break
        if above < len(block.text):
            break
        del kept[index]
    return kept


def _is_notice(block: Block) -> bool:
    """Whether a line is the site's about itself; an item of a numbered list is not."""
    text = block.text
    if len(text) > _NOTE_LENGTH or _ITEM.match(text) or block.cells:
        return False
    return _NOTICE.search(text) is not None


def _goes_on(rest: list[Block]) -> bool:
    """Whether the text goes on below a box of links that stands in its middle.

    One link with one text below it is a teaser (news.163.com, 2019), no box.
    """
    texts = [block for block in rest[1:] if block.picture is None]
    links = next((i for i, block in enumerate(texts) if not is_linked(block)), len(texts))
    below = texts[links:]
    if not 0 < links < 8 or not below or not is_prose(below[0].text) or _ends(below[0]):
        return False
    prose = {block.text for block in below if is_prose(block.text)}
    return not any(block.linked for block in below) and (links > 1 or len(prose) > 1)


def _ends(block: Block) -> bool:
    """Whether an article is over here: a heading such as 相关阅读, or the editor's line."""
    if block.picture is not None:
        return False
    if _RIGHTS.match(block.text):
        return True
    if len(block.text) > 60:
        return False
    if _AFTER.search(block.text) or (block.linked and _TAGS.match(block.text)):
        return True
    if len(block.text) < 24 and OTHERS.match(block.text):
        return True
    return any(note.kind == "editor" for note in labels_of(block)) and not (
        SENTENCE.search(block.text[:-1])
    )


def _closes(page: Page, block: Block) -> bool:
    """Whether a last line is one of labels (发布日期, 责任编辑); when an event takes place is content."""
    if block.picture is not None or len(block.text) >= 60:
        return False
    kinds = {note.kind for note in labels_of(block)}
    if "editor" in kinds:
        return True
    if "time" not in kinds or (EVENT.match(block.plain) and not MOMENT.search(block.plain)):
        return False
    return not is_content(page, _number_of(page, block))


_SIGNED_OFF = re.compile(
    rf"^[■●▲◆□*\s\x1f]{{0,4}}(?:{one_of(words('labels', 'source', 'author'))})[\s\x1f]{{0,3}}[:|丨︱]"
)
"""``来源：青川日报``, ``记者 | 张三`` as a last line; in brackets, （记者 张三）, it is the text's."""


def _is_below(page: Page, last: Block, spoken: Counter[str]) -> bool:
    """Whether a last line is none of the text: a link, the site's, or who made the release."""
    if _is_link_line(last) or _closes(page, last) or _signs_off(last, spoken):
        return True
    return last.picture is None and is_noise(last)


def _signs_off(block: Block, spoken: Counter[str]) -> bool:
    """Whether a last line says who made the release; a label that begins several lines is a speaker's."""
    found = _SIGNED_OFF.match(block.plain) if len(block.text) < 60 else None
    return found is not None and spoken[found[0]] == 1 and not SENTENCE.search(block.text)


def _number_of(page: Page, block: Block) -> int:
    blocks = page.layout.blocks
    return next(i for i in reversed(range(len(blocks))) if blocks[i] is block)


def _is_listed(block: Block) -> bool:
    """Whether a line is a row of a list: a link with its rank before it and its day behind it."""
    found = _LISTED.match(block.text) if block.linked > 7 else None
    return found is not None and block.linked >= 0.9 * len(found[1])


def _is_link_line(block: Block) -> bool:
    return (
        block.picture is None
        and (is_linked(block) or _is_listed(block))
        and block.owner.tag in ("li", "a", "div", "ul", "td", "tr")
        and not re.search(r"\.(?:pdf|docx?|xlsx?|zip|rar|wps|ofd)|附件", block.text, re.IGNORECASE)
    )
