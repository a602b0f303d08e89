"""What a delivered page shows of itself: an article, or a check that stands in its place.

Said once for those who judge answers by their bytes (``scraper.fetch``) and those who read pages
(``scraper.page``). Words alone prove nothing, for the press writes about 食品安全检测 and about
swindles with 验证码: a headline with a date or a source line and a sentence outweighs any of them,
shown or held in the page's scripts. A check talks to its visitor, and states none of the three.
"""

from __future__ import annotations

import html as markup
import re

CAPTCHA_WORDS = re.compile(
    r"安全(?:验证|检查|检测|认证)|(?:滑动|人机|身份|访问|机器人)(?:验证|识别)|验证中心|"
    r"(?:请|需要|进行|完成|输入|点击|拖动).{0,12}(?:验证码|安全验证|滑块|验证$)|访问(?:过于|太)频繁|"
    r"正在(?:检测|验证)|geetest|captcha|checking your browser",
    re.IGNORECASE,
)
"""Words with which a check asks its visitor to wait, or to prove something."""

FIREWALL_WORDS = re.compile(
    r"云防[护御]|云盾|创宇盾|知道创宇|安全狗|安全宝|玄武盾|(?:网站|应用)防火墙|WAF\b|errors\.aliyun\.com|_bot_sbu|"
    r"(?:您的)?(?:访问|请求)(?:可能|行为)?(?:对网站造成|存在|被|已被|受)(?:安全)?(?:威胁|异常|阻断|拦截|拒绝|限)|异常访问",
    re.IGNORECASE,
)
"""Words with which a firewall turns its visitor away."""

_REFUSAL_WORDS = re.compile(
    r"请(?:开启|启用)\s{0,3}javascript|enable javascript|正在跳转|403 forbidden|access denied",
    re.IGNORECASE,
)

CHECK_WORDS = re.compile(
    "|".join(each.pattern for each in (CAPTCHA_WORDS, FIREWALL_WORDS, _REFUSAL_WORDS)),
    re.IGNORECASE,
)
"""Words of any check; they count only where nothing shows what was asked for."""

CHECK_SCRIPTS = re.compile(
    r"__jsl_clearance|acw_sc__v2|\bvar\s{1,3}arg1\s{0,3}=|\$_ts\s{0,3}=|\$_ts\.(?:nsd|cd)\b|_\$[a-z]{2}\(|_bot_sbu|"
    r"cf-browser-verification|challenge-platform|__tst_status|yunsuo_session|aliyun_waf|/_guard/|safeline|wzws[_-]|"
    r"HMF_CI|document\.cookie\s{0,3}="
)
"""What the scripts of known checks hold; so do the articles that they let through."""

_LOOKED_AT = 200_000
_TO_THE_VISITOR = re.compile(
    r"您|浏览器|javascript|刷新(?:页面|本页|后|重试)|请.{0,4}重试|网站管理员|(?:当前|本次|该|此次)(?:访问|请求)|请稍[候后等]|\bIP\b|"
    r"恶意(?:请求|参数)|黑客攻击",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"请.{0,4}(?:完成|输入|点击|拖动|按住|滑动|开启|启用|验证)|正在(?:进行|检测|验证|检查|跳转|加载|为)"
)
"""What a check's own sentences ask or say; in a headline it may be the news."""
_OPENING = re.compile(r"<!--|<(script|style|noscript|template)\b", re.IGNORECASE)
_CLOSING = {
    name: re.compile(f"</{name}[^<>]{{0,99}}>?", re.IGNORECASE)
    for name in ("script", "style", "noscript", "template")
}
_COMMENT_END = re.compile("-->")
_INLINE = re.compile(
    r"</?(?:a|abbr|b|big|em|font|i|ins|label|mark|small|span|strong|sub|sup|u)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,500})", re.IGNORECASE)
_HEADING = re.compile(r"<h[1-3]\b", re.IGNORECASE)
_LINK = re.compile(r"<a\b[^<>]{0,2000}>([^<]{0,300})", re.IGNORECASE)
_STATED = re.compile(
    r"""["']?\w{0,20}(?:title|headline|subject)["']?\s{0,3}[:=]\s{0,3}["']([^"'\n]{7,200})["']""",
    re.IGNORECASE,
)
_PARTED = re.compile(r"[_|｜\-—–]")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_DATED = re.compile(
    r"(?<!\d)(?:19|20)\d\d\s?[-年/.]\s?\d{1,2}\s?[-月/.]\s?\d{1,2}(?!\d)|"
    r"(?:来源|稿源|供稿|作者|编辑|发布机构|发布单位)\s{0,3}[:：]\s{0,3}[\u4e00-\u9fff]{2}"
)
_SENTENCE = re.compile(r"[^。！？\n\"'<>]+[。！？]?")
_SENTENCE_LENGTH, _SHORT_SENTENCE = 10, 20
_HEADINGS = 20
_HEADING_LENGTH = 600
_HEADLINE = 7
_ROWS = 3
_TOLD = 8


def shows_article(page: str) -> bool:
    """Whether a page shows an article: a headline, a date or a source line, and a sentence.

    Args:
        page: the page's text; its first 200 000 characters are looked at.
    """
    page = page[:_LOOKED_AT]
    rest, scripts = without_hidden(page)
    shown = markup.unescape(_TAG.sub("\n", _INLINE.sub("", rest)))
    if _has_headline(page, shown) and _tells(shown):
        return True
    held = _unescaped(scripts)
    stated = any(map(_is_headline, _STATED.findall(held)))
    return stated and _tells(markup.unescape(_TAG.sub("\n", held)))


def shows_content(page: str) -> bool:
    """Whether a page shows what lists and articles consist of: an article, dated rows, or records.

    A single dated row is one whose link is a headline; of three that is not asked.

    Args:
        page: as ``shows_article`` takes it; JSON too.
    """
    page = page[:_LOOKED_AT]
    if page.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}:
        return any(map(_is_headline, _STATED.findall(_unescaped(page))))
    rest, _ = without_hidden(page)
    dates, links = len(_DATED.findall(_TAG.sub("\n", rest))), _LINK.findall(rest)
    rows = min(dates, len(links)) >= _ROWS or (dates > 0 and any(map(_is_headline, links)))
    return rows or shows_article(page)


def visible_text(page: str) -> str:
    """What a reader would see of a page, roughly, without blanks; its title is not a part of it."""
    rest, _ = without_hidden(_TITLE.sub(" ", page))
    return "".join(_TAG.sub(" ", rest).split())


def without_hidden(page: str) -> tuple[str, str]:
    """The page without comments, scripts and the like; and the scripts. One that never ends hides the rest."""
    shown: list[str] = []
    scripts: list[str] = []
    place = 0
    while (opening := _OPENING.search(page, place)) is not None:
        shown.append(page[place : opening.start()])
        name = (opening[1] or "").lower()
        closing = (_CLOSING[name] if name else _COMMENT_END).search(page, opening.end())
        place = closing.end() if closing else len(page)
        if name == "script":
            scripts.append(page[opening.end() : closing.start() if closing else len(page)])
    shown.append(page[place:])
    return "\n".join(shown), "\n".join(scripts)


def _has_headline(page: str, shown: str) -> bool:
    """Whether a heading, or a line that the page's title repeats, is a headline."""
    pieces = _HEADING.split(page, _HEADINGS)[1:]
    headings = (piece[:_HEADING_LENGTH].partition("</h")[0].partition(">")[2] for piece in pieces)
    title = _TITLE.search(page)
    parts = _PARTED.split(title[1]) if title else []
    lines = {"".join(line.split()) for line in shown.split("\n")}
    repeated = (part for part in parts if "".join(part.split()) in lines)
    return any(_is_headline(_TAG.sub("", each)) for each in (*headings, *repeated))


def _is_headline(text: str) -> bool:
    return len(_CHINESE.findall(text)) >= _HEADLINE and not _TO_THE_VISITOR.search(text)


def _tells(text: str) -> bool:
    """Whether a text is dated or names its source, and has a sentence that is about something."""
    return bool(_DATED.search(text)) and tells(text)


def tells(text: str) -> bool:
    """Whether a text has a closed sentence that is about something and does not talk to its visitor."""
    return any(map(_is_told, _SENTENCE.findall(text)))


def _is_told(sentence: str) -> bool:
    return (
        len(sentence) > _SENTENCE_LENGTH
        and sentence[-1] in "。！？"
        and len(_CHINESE.findall(sentence)) >= _TOLD
        and not _TO_THE_VISITOR.search(sentence)
        and (len(sentence) > _SHORT_SENTENCE or not _ASKS.search(sentence))
    )


def _unescaped(script: str) -> str:
    r"""A script's text with its ``\u4e2d`` as characters, its ``\n`` and ``\/`` as they are meant."""
    if "\\" not in script:
        return script
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), script)
    return text.replace('\\"', " ").replace("\\n", "\n").replace("\\/", "/")
