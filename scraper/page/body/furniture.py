"""Lines of the site that stand inside the text: buttons, shares, counters, tabs, notices.

Rules that are patterns stand first; those that ask more of a line than its words are functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from scraper.page.body.evidence import SENTENCE, is_linked
from scraper.page.body.rule import ALL_ON, BodyRule, Forms, Off, Zone, rule
from scraper.page.layout.lines import Block
from scraper.record.counters import is_counter
from scraper.text.vocabulary import one_of, words

_F = Zone.FURNITURE
_NOISE = Forms(
    (
        rule("player", _F, "What starts a player or a reading aloud.", "自动播放", "点击播报"),
        rule(
            "share",
            _F,
            "分享到 and the places it leads to.",
            r"(?:分享|转发|转播)(?:到|至|给)?(?:微信|腾讯微博|微博|朋友圈|qq|好友|[:\s]|$)",
        ),
        rule(
            "scan",
            _F,
            "What asks to scan a code.",
            r"(?:请?用手机|手机)?(?:扫一扫|扫码|扫描二维码)",
            "微信扫",
            "用微信",
            "长按(?:识别|二维码|图片)",
        ),
        rule("divider", _F, "A line drawn in signs.", "-{4,}分隔线"),
        rule("length", _F, "How long the text is.", "(?:全文|本文)(?:共|约).{0,6}字.{0,12}$"),
        rule(
            "print",
            _F,
            "Buttons to print and to close.",
            r"打印(?:本页|此页|本文|此文)?[\s|\]】]{0,3}(?:[\[【]?关闭|$)",
            r"关闭(?:窗口|本页|页面)?[\])】\s]{0,3}$",
        ),
        rule("wish", _F, "我要纠错 and its likes.", "我要(?:打印|纠错|分享|评论|收藏)"),
        rule(
            "font",
            _F,
            "The size of the type.",
            r"【?\[?(?:字体|字号)(?:大小)?\s{0,2}[:\s]",
        ),
        rule(
            "back", _F, "The way back.", "返回(?:顶部|首页|列表|搜狐|上级|上一页|目录)", "回到顶部"
        ),
        rule("slides", _F, "The way through pictures.", "(?:上|下)一(?:张|组|图|图集)$"),
        rule(
            "account",
            _F,
            "The account from which the text was taken.",
            "本文(?:来自|首发于|转自).{0,4}公众号.{0,90}$",
        ),
        rule("editor", _F, "责任编辑 and a colon.", r"责任编辑\s{0,2}[:：]", r"责编\s{0,2}[:：]"),
        rule(
            "neighbour",
            _F,
            "上一篇, 下一篇.",
            r"(?:上|下)一(?:篇|条|页)(?:文章|新闻|信息)?\s{0,2}(?:[:：>»]|$)",
            r"(?:上|前|后|下)一(?:篇|条)[:：\s]",
        ),
        rule(
            "client", _F, "What leads into the site's application.", "(?:打开|下载)(?:客户端|app)"
        ),
        rule(
            "button",
            _F,
            "A button, perhaps with a figure.",
            r"(?:收藏|点赞|评论|举报|纠错|关注|已关注|\+关注|分享|打印|朗读|播报|复制链接|加载中)[\s\d()]{0,6}$",
        ),
        rule(
            "counter",
            _F,
            "How often the page was read.",
            r"浏览(?:次数|量)?\s{0,2}[:：]",
            r"阅读(?:次数|量|数)?\s{0,2}[:：]",
            r"点击(?:次数|数|率|量)?\s{0,2}[:：]",
        ),
        rule("place", _F, "Where in the site one is.", "您(?:现在的|当前)位置", "当前位置"),
        rule("original", _F, "The headline elsewhere.", r"\(?原标题\s{0,2}:"),
        rule(
            "link",
            _F,
            "The page's own address.",
            r"本文(?:来源|链接|地址|网址)\s{0,2}:",
            r"原文(?:链接|地址)\s{0,2}:",
        ),
        rule(
            "rights",
            Zone.FOOTER,
            "What the site says of rights and of its own standing.",
            "版权(?:所有|声明)",
            "免责声明",
            "特别声明",
            r"(?:郑重)?声明\s{0,2}[:：]",
            "本文(?:系|来自|为).{0,20}(?:网友|自媒体|转载).{0,40}$",
            "转载请?注明",
            "未经授权",
            "(?:以上|[本该此])(?:内容|文章?).{0,14}(?:不代表|仅代表)",
        ),
        rule(
            "more",
            _F,
            "What leads on.",
            "点击(?:查看|进入|下载|阅读)(?:更多|全文|原文|专题)",
            "阅读(?:全文|原文)$",
            "展开(?:全文|阅读)",
        ),
        rule(
            "checked",
            Zone.BYLINE,
            "Who checked the text.",
            r"\(?(?:校对|审核|审校|审签|签发|一审|二审|三审|初审|复审|终审|监制|值班主任|审稿)\s{0,2}[:：]",
        ),
    ),
    before=r"^[\[(【<>《\s▪■◆●▶►·•★☆▲△→]{0,4}",
    flags=re.IGNORECASE,
)
_SITE_LINE = Forms(
    (
        rule(
            "site-button",
            _F,
            "A button or a code's caption, from end to end.",
            "二维码",
            "关注(?:微信)?公众号",
            "(?:网站|内容)?纠错",
            "(?:文章|信息|页面|内容)(?:纠错|报错|挑错)",
            "举报/反馈",
            "分享让更多人看到",
            "我(?:来说两句|要评论)",
            "保护视力色?",
        ),
        rule("scan-line", _F, "请用微信扫 …", "请?用微信扫.{0,12}"),
        rule(
            "leaving",
            _F,
            "What the site asks before it leads away.",
            "您(?:(?:访问|点击)的链接即将(?:离开|跳转)|即将离开(?:本|.{0,12}网)站).{0,30}",
            ".{0,10}请?点(?:击)?此处",
        ),
        rule("browser", _F, "What the browser cannot do.", "您的浏览器(?:不支持|版本过低).{0,30}"),
        rule(
            "expand",
            _F,
            "展开全部, 加载更多.",
            "展开(?:全部|更多)",
            "(?:查看|加载|显示)(?:全文|全部|更多)",
        ),
        rule(
            "survey",
            _F,
            "What the site asks of its reader.",
            "您(?:认为|觉得)(?:这篇|本篇|该)?(?:文章|内容|信息|页面).{0,30}",
        ),
        rule(
            "follow",
            _F,
            "What asks to follow a channel.",
            "更多(?:资讯|内容|精彩|新闻).{0,6}关注.{0,20}",
            "点击(?:上方|下方).{0,16}(?:关注|订阅).{0,8}",
        ),
        rule("tags", _F, "TAG and keywords.", r"TAGS?\s{0,2}:.{0,60}"),
        rule("listen", _F, "收听全文.", "(?:收?听)(?:全文|新闻|报道|文章)", "语音播报"),
        rule(
            "reserved",
            Zone.FOOTER,
            "All rights reserved.",
            ".{0,30}未经.{0,8}(?:授权|许可|允许|同意).{0,6}(?:不得|请勿|禁止|严禁|谢绝).{0,4}(?:转载|使用|复制).{0,20}",
            r"Copyright\s.{0,80}",
            "本文版权归.{0,60}",
        ),
        rule("path", Zone.MASTHEAD, "首页 > 新闻.", r"首页\s{0,3}[>›»].{0,40}"),
        rule("ago", Zone.BYLINE, "How long ago.", r".{0,14}\d{1,2}\s?(?:秒|分钟|小时|天)前"),
    ),
    before=r"^[\[(【<\s]{0,4}",
    behind=r"[\])】>\s:.。!]{0,4}$",
    flags=re.IGNORECASE,
)
_EDITORS = Forms(
    (
        rule("editors", Zone.BYLINE, "编辑 张三: who edited and checked, without a colon.",
            rf"^[\[(【（\s\x1f]{{0,4}}(?:{one_of((*words('roles', 'editors'), *words('roles', 'checkers')))})[\s\]】]{{0,4}}[:：/|丨\s]",
            r"^[\u4e00-\u9fff]{0,4}记者\s{1,3}[\u4e00-\u9fff、 ]{2,12}\s{1,9}[\u4e00-\u9fff]{0,3}编辑\s"),
    ),
)  # fmt: skip
_SCANNED = re.compile(
    r"^[\[(【<\s]{0,3}(?:请?用手机扫|请?用?微信扫|扫一扫|扫码|扫描二维码|用微信|长按)"
)
_SITE_CHANNEL = re.compile(
    "关注|公众号|客户端|分享|本页|当前页|手机上?(?:打开|浏览|阅读|看)|朋友圈"
)
"""What a code to scan leads to where it is the site's: its channels, or the page itself."""
_FILES_BOX = re.compile(
    r"^[\[【\s]{0,3}(?:相关|文件|资料|下载)?附件(?:信息|列表|下载|资料)?[\]】\s]{0,3}[::]?\s{0,3}$|^(?:文件|附件|正文|原文|PDF|OFD|WORD|DOCX?)版?下载[::]?$"
)
"""The heading of a box of files, or its button; it says nothing by itself."""
_FILES_ROW = re.compile(
    r"^[\[【\s]{0,3}(?:相关附件|附件(?:下载|列表)|(?:文件|资料)下载)[\]】\s]{0,3}[::]\s{0,3}"
)
_TABS = frozenset(words("tools", "tabs"))
"""The tabs between which a document's forms are chosen."""
_TAB_TAGS = ("li", "div", "a", "span", "dd")
_CONTROLS = frozenset(words("tools", "buttons"))
_LONGEST = max(map(len, _CONTROLS | _TABS))
_APART = re.compile(r"[\s\x1f|:/·\[\]()【】<>«»‹›+,、…]+")
_FIRST_WORD = re.compile(
    rf"[\s\x1f|:/·\[\]()【】<>«»‹›+,、…]*([^\s\x1f|:/·\[\]()【】<>«»‹›+,、…]{{0,{_LONGEST + 1}}})"
)
"""A line's first word, or the beginning of a longer one than is on any button."""
_WORD = re.compile(r"\w")
_DOORS = re.compile(r">>$|»$|^(?:点击|返回|进入|下载|更多|查看|关注|订阅)|^[\d\[\]()\s]+$")


def furniture_rule(block: Block, off: Off = ALL_ON) -> str | None:
    """The rule by which a line inside the container is the site's; None for one of the article."""
    text = block.text
    if len(text) > _LINE:
        return None
    line = block.line
    if _SCANNED.match(line) and not _SITE_CHANNEL.search(line) and text.endswith(("。", "！")):
        return None  # a sentence of the text that asks to scan something
    found = _NOISE.find(line, off) or _asked(block, line, off)
    if found is None and len(text) < _SITES:
        found = _SITE_LINE.find(line, off)
    if found is None and len(text) < _CREDITS and not SENTENCE.search(text[:-1]):
        found = _EDITORS.find(line, off)
    return found


_LINE, _SITES, _CREDITS = 120, 90, 60
"""Longer lines are no furniture, no site's own, no credits."""


def heads_annex(block: Block, following: Block | None) -> bool:
    """Whether 附件 alone in a line heads what is annexed to a document: text, and no file, is below it."""
    below = following is not None and following.picture is None and not following.linked
    return below and not block.linked and block.line.strip() == "附件"


def _asked(block: Block, line: str, off: Off) -> str | None:
    for one, is_one in _ASKED if _begins_as_button(block.plain) else _OF_TEXT:
        if is_one(block, line) and one.id not in off:
            return one.name
    return None


def _begins_as_button(line: str) -> bool:
    """Whether a line's first word is on a button or a tab, a figure, or all of it stands in brackets."""
    found = _FIRST_WORD.match(line)
    word = found[1] if found else ""
    if word in _CONTROLS or word in _TABS or word.isdigit():
        return True
    line = line.strip()
    return line.startswith(_OPENING) and line.endswith(_CLOSING)


_OPENING, _CLOSING = ("[", "【", "("), ("]", "】", ")")


def _is_page_count(block: Block, line: str) -> bool:  # noqa: ARG001 - as all of them
    return is_counter(line)


def _is_door(block: Block, line: str) -> bool:
    return is_linked(block) and _DOORS.search(line) is not None


def _is_files_box(block: Block, line: str) -> bool:  # noqa: ARG001 - as all of them
    return _FILES_BOX.match(line) is not None


def _is_files_row(block: Block, line: str) -> bool:
    """Whether a line is a box of files in one row: its heading, and links behind it."""
    found = _FILES_ROW.match(line)
    return found is not None and block.linked >= len(block.text) - found.end() - 2 > 0


def _is_tabs(block: Block, line: str) -> bool:  # noqa: ARG001 - as all of them
    """Whether a line is a tab, or several side by side: 全真版 文字版."""
    words = [word for word in _APART.split(block.plain) if word]
    if not words or not _TABS.issuperset(words):
        return False
    return len(words) > 1 or block.linked > 0 or block.tag in _TAB_TAGS


def _is_symbols(block: Block, line: str) -> bool:  # noqa: ARG001 - as all of them
    return not block.cells and not _WORD.search(block.text)


_BRACKETED = re.compile(r"[\[【(]([^\[\]【】()]{1,12})[\]】)]")
"""``[打 印] [关 闭]``: a button's word may be spread."""


def _is_controls(block: Block, line: str) -> bool:
    """Whether a line is nothing but the words on buttons: ``听全文 字号 超大 大 标准 小``."""
    if len(block.text) >= _CREDITS:
        return False
    line = block.plain
    found = [word for word in _APART.split(line) if word]
    if len(found) < 2:
        return False
    if all(word in _CONTROLS or word.isdigit() for word in found):
        return not (block.cells and all(word.isdigit() for word in found))  # a table's figures
    bracketed = ["".join(part.split()) for part in _BRACKETED.findall(line)]
    rest = _BRACKETED.sub("", line).strip()
    return not rest and len(bracketed) > 1 and _CONTROLS.issuperset(bracketed)


_ASKED: tuple[tuple[BodyRule, Callable[[Block, str], bool]], ...] = (
    (rule("page-count", _F, "Figures of readers and nothing else."), _is_page_count),
    (rule("door", _F, "A link that leads on, in, or back."), _is_door),
    (rule("files-box", _F, "The heading of a box of files, or its button."), _is_files_box),
    (rule("tabs", _F, "The tabs between which a document's forms are chosen."), _is_tabs),
    (rule("files-row", _F, "A box of files in one row."), _is_files_row),
    (rule("symbols", _F, "No letter and no figure."), _is_symbols),
    (rule("controls", _F, "Nothing but the words on buttons."), _is_controls),
)
_OF_TEXT = tuple(one for one in _ASKED if one[0].name not in {"tabs", "controls"})
"""Those that may be true of a line that does not begin as one of tabs and buttons does."""
RULES = (*_NOISE.rules, *_SITE_LINE.rules, *_EDITORS.rules, *(one for one, _ in _ASKED))
