"""The container's lines become the release's text: what is no part of the article goes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from scraper.page.body.pictures import leading_away, pictures_above, without_signs
from scraper.page.dated import is_content
from scraper.page.layout.labels import is_label_line, labels_of
from scraper.page.layout.lines import Block, Element, past, visible
from scraper.page.rules.page import Page
from scraper.record.counters import is_counter
from scraper.text.plain import is_prose, key, plain
from scraper.text.times import MOMENT
from scraper.text.vocabulary import one_of, words

_NOISE = re.compile(
    r"^[\[(【<>《\s▪■◆●▶►·•★☆▲△→]{0,4}(?:自动播放|"
    r"(?:分享|转发|转播)(?:到|至|给)?(?:微信|腾讯微博|微博|朋友圈|qq|好友|[:\s]|$)|(?:请?用手机)?(?:扫一扫|扫码|扫描二维码)|微信扫|用微信|长按(?:识别|二维码|图片)|"
    r"-{4,}分隔线|点击播报|(?:全文|本文)(?:共|约).{0,6}字.{0,12}$|打印(?:本页|此页|本文)?[\s|\]】]{0,3}(?:[\[【]?关闭|$)|关闭(?:窗口|本页|页面)?[\])】\s]{0,3}$|我要(?:打印|纠错|分享|评论|收藏)|"
    r"【?\[?(?:字体|字号)(?:大小)?\s{0,2}[:\s]|(?:大|中|小|默认|超大)(?:\s{1,3}(?:大|中|小|默认|超大)){1,3}\s{0,2}$|"
    r"返回(?:顶部|首页|列表|搜狐|上级|上一页|目录)|(?:上|下)一(?:张|组|图|图集)$|本文(?:来自|首发于|转自).{0,4}公众号.{0,90}$|回到顶部|责任编辑\s{0,2}[:：]|责编\s{0,2}[:：]|"
    r"(?:上|下)一(?:篇|条|页)(?:文章|新闻|信息)?\s{0,2}(?:[:：>»]|$)|(?:上|前|后|下)一(?:篇|条)[:：\s]|(?:打开|下载)(?:客户端|app)|"
    r"(?:收藏|点赞|评论|举报|纠错|关注|已关注|\+关注|分享|打印|朗读|播报|复制链接|加载中)[\s\d()]{0,6}$|浏览(?:次数|量)?\s{0,2}[:：]|阅读(?:次数|量|数)?\s{0,2}[:：]|"
    r"点击(?:次数|数|率|量)?\s{0,2}[:：]|您(?:现在的|当前)位置|当前位置|"
    r"\(?原标题\s{0,2}:|附件\s{0,2}:?$|本文(?:来源|链接|地址|网址)\s{0,2}:|原文(?:链接|地址)\s{0,2}:|版权(?:所有|声明)|免责声明|特别声明|(?:郑重)?声明\s{0,2}[:：]|本文(?:系|来自|为).{0,20}(?:网友|自媒体|转载).{0,40}$|转载请?注明|未经授权|"
    r"(?:以上|[本该此])(?:内容|文章?).{0,14}(?:不代表|仅代表)|点击(?:查看|进入|下载|阅读)(?:更多|全文|原文|专题)|阅读(?:全文|原文)$|展开(?:全文|阅读)|"
    r"\(?(?:校对|审核|审校|审签|签发|一审|二审|三审|初审|复审|终审|监制|值班主任|审稿)\s{0,2}[:：]"
    r")",
    re.IGNORECASE,
)
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
_TAB_WORDS = "全真版 文字版 图文版 图片版 网页版 正文版 大字版 原文版 PDF版 OFD版 文件下载 附件下载 版式文件 流式文件 正文 原文"
_TABS = frozenset(_TAB_WORDS.split())
"""The tabs between which a document's forms are chosen."""

_TAB_TAGS = ("li", "div", "a", "span", "dd")

_ENDING = re.compile(
    r"^[\[【<>\s·■◆●▶>-]{0,4}(?:相关(?:阅读|链接|新闻|文章|稿件|报道|推荐|资讯|信息|解读|专题|内容|政策|文件|视频|日志|博文|附件下载|股票|个股|基金|公司)|文章作者|作者(?:最新|其他|更多)文章|延伸\s{0,2}[·・]?\s{0,2}(?:阅读|推荐)|推荐(?:阅读|新闻|文章)|热门(?:推荐|新闻|文章|点击|排行|评论)|"
    r"猜你喜欢|为您推荐|您可能(?:感兴趣|还)|更多(?:精彩|新闻|内容|相关)|今日(?:推荐|热点)|最新(?:推荐|新闻|文章|资讯)|精彩(?:推荐|图片)|图片新闻|网友评论|随机(?:看看|推荐|阅读|文章)|"
    r"(?:全部|最新|热门|发表)评论|文章评论|大家都在(?:看|搜)|往期(?:回顾|推荐|精彩)|热点(?:推荐|新闻)|编辑推荐|免责声明|版权(?:声明|与免责)|上一篇|特别声明|新闻排行|阅读排行|热图推荐)"
    r"[\s\]】:：>»》]{0,6}(?:更多|$|[>+]|.{0,3}$)"
)
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
_EDITORS = re.compile(
    r"^[\[(【（\s\x1f]{0,4}(?:初审编辑|复审编辑|终审编辑|责任编辑|责任编缉|责编|编辑|网络编辑|本文编辑|值班编辑|文字编辑|执行编辑|实习编辑|新媒体编辑|网页编辑|编审|审核|校对)"
    r"[\s\]】]{0,4}[:：/|丨\s]|^[\u4e00-\u9fff]{0,4}记者\s{1,3}[\u4e00-\u9fff、 ]{2,12}\s{1,9}[\u4e00-\u9fff]{0,3}编辑\s"
)
_CONTROL_WORDS = (
    "字号 字体 大 中 小 超大 特大 较大 标准 默认 正常 A A- A+ A++ T T+ T- 听全文 听新闻 播报 朗读 语音播报 语音 播放 暂停 打印 打印本页 "
    "打印此文 关闭 关闭窗口 分享 分享到 分享至 收藏 已收藏 点赞 评论 发表评论 转发 复制链接 微信 微博 新浪微博 腾讯微博 QQ QQ空间 qq空间 "
    "朋友圈 投诉 举报 纠错 挑错 推荐 繁体 简体 无障碍 返回 返回顶部 顶部 首页 关注 已关注 订阅 手机看 告诉好友 推荐给好友 下载 赞 踩 顶 "
    "网摘 商城 我要评论 我要纠错 我要打印 放大 缩小 保存 路过 雷人 握手 鲜花 鸡蛋 返回 返回列表 评论文章 评论本文 打印文章 "
    "打印本文 收藏文章 收藏本文 推荐文章 关闭本页 发给好友 上一页 下一页 前一页 后一页 首 末页 尾页 第一页 最后一页 余下全文 上一张 下一张 上一组 下一组 上一图 下一图"
)
_CONTROLS = frozenset(_CONTROL_WORDS.split())
_SUMMARY = re.compile(r"^[\[【(（]?(?:内容)?摘要[\]】)）]?\s{0,2}[:：]")
_SITE_LINE = re.compile(
    r"^[\[(【<\s]{0,4}(?:附件下载|二维码|关注(?:微信)?公众号|(?:网站|内容)?纠错|阅读\s{0,2}[\d.]{1,9}\s?[万k+]{0,2}|举报/反馈|"
    r"分享让更多人看到|请?用微信扫.{0,12}|您的浏览器(?:不支持|版本过低).{0,30}|展开(?:全部|更多)|(?:查看|加载|显示)(?:全文|全部|更多)|"
    r"您(?:认为|觉得)(?:这篇|本篇|该)?(?:文章|内容|信息|页面).{0,30}|更多(?:资讯|内容|精彩|新闻).{0,6}关注.{0,20}|TAGS?\s{0,2}:.{0,60}|我(?:来说两句|要评论)|(?:收?听)(?:全文|新闻|报道|文章)|语音播报|"
    r"点击(?:上方|下方).{0,16}(?:关注|订阅).{0,8}|保护视力色?|.{0,30}未经.{0,8}(?:授权|许可|允许|同意).{0,6}(?:不得|请勿|禁止|严禁|谢绝).{0,4}(?:转载|使用|复制).{0,20}|Copyright\s.{0,80}|本文版权归.{0,60}|首页\s{0,3}[>›»].{0,40}|.{0,14}\d{1,2}\s?(?:秒|分钟|小时|天)前)"
    r"[\])】>\s:.。!]{0,4}$",
    re.IGNORECASE,
)
"""Lines that are the site's from their first sign to their last."""

_NOTICE = re.compile(
    r"(?:本文|此?内容|文章|稿件|图片).{0,20}(?:著作权|版权)(?:归|属)|"
    r"未经.{0,16}(?:授权|许可|允许|同意).{0,16}(?:转载|使用|摘编|镜像|复制)|如需转载|转载.{0,6}(?:请|须|需)(?:注明|联系|标明)|"
    r"据此(?:操作|投资|入市)|风险请?自[担负]|不代表.{1,10}(?:立场|观点)|不构成.{0,10}(?:建议|意见)|"
    r"(?:新闻|读者)热线|想要?爆料|报料|提供.{0,4}新闻线索|有新闻线索|广告合作|(?:欢迎|感谢|请)[^。]{0,10}订阅|限时免费|推荐进入|^打开.{2,16}(?:查看|阅读|体验|看更多)|与?本(?:站|网)联系|稿酬|"
    r"二维码.{0,6}(?:关注|订阅)|(?:关注|订阅).{0,14}公众号|(?:首发于|公众号).{0,6}(?:微信)?公众号|(?:下载|打开).{0,20}客户端.{0,3}(?:看|查看|获取)|"
    r"^[(（\[]?(?:文章|消息|稿件|信息|内容|新闻)?来源\s{0,2}[:：]\s{0,2}[^。，]{2,24}$|^更多.{0,16}请?(?:关注|点击|访问)"
)
"""What a site says below articles of itself: rights, risks, hotlines, its own channels."""
_DATED = re.compile(MOMENT.pattern + r"\s{0,3}[|·•]")
_ITEM = re.compile(r"^[(（]?[\d一二三四五六七八九十]{1,3}[.、)）]")
_RIGHTS = re.compile(
    r"^[\[【\s※*]{0,4}(?:本[网站])?(?:版权|免责|转载|著作权)(?:声明)?(?:及|与|和|、|/)?(?:版权|免责|转载)?(?:声明|说明|条款)(?:[\]】\s]{0,3}[:：]|[\]】\s]{0,3}$|】)|"
    r"凡.{0,8}(?:注明|标注|标明).{0,6}来源"
)
"""What opens the box of a site's rights, alone or before its first sentence."""
_NOTE_LENGTH, _NOTES, _NAMED = 240, 10, 40
_BOX = 200
"""Lines below a heading that are looked at for whether the text goes on."""

_FIGURE = re.compile(r"^[\d,.]{1,8}$")
_FILED = re.compile(
    r"^(?:索\s{0,2}引\s{0,2}号|发布机构|发文(?:机关|字号)|主题分类|成文日期|信息索引|公开方式|有\s{0,2}效\s{0,2}性)\s{0,2}:"
)
_EVENT = re.compile(r"^(?:\w{0,4}时间|日期)\s{0,2}:[\s\x1f]{0,4}(?:\d{1,2}月\d|每|周|星期)")
"""When something takes place: 时间：9月8日（周五）19:00. A publication has its year."""
_COUNTED = re.compile(r"^\W{0,6}(?:已?被?)(?:阅读|浏览|点击|访问)\W{0,4}\d{0,9}\s{0,2}次?\W{0,6}$")
"""What is left of ``（2016-09-22　阅读176次）`` without the date."""
_APART = re.compile(r"[\s\x1f|:/·\[\]()【】<>«»‹›+,、…]+")
_WORD = re.compile(r"\w")
_DOORS = re.compile(r">>$|»$|^(?:点击|返回|进入|下载|更多|查看|关注|订阅)|^[\d\[\]()\s]+$")
_DOOR_BEHIND = re.compile(
    r"\s{0,3}(?:返回[^\s，。！？]{2,6}[，, ]{1,2})?(?:点击)?(?:查看|阅读|了解|浏览)(?:更多|全文|原文|详情)[>»\s]{0,4}$"
)
"""A link that leads on from the last paragraph's end."""
_TOOLS = re.compile(r"^[\[【(（<\s]{0,3}(?:字号|字体|打印|分享|收藏|放大|缩小|语音|朗读)")
_SENTENCE = re.compile("[。！？；]")
_BREAK = re.compile(
    r"\n(?:[ \t]*\n)+|\n(?=[\u3000\xa0]{2})|(?<=[。！？；：”…!?;])[ \u3000\xa0]{0,4}\n"
)
_LISTED = re.compile(
    r"^\d{0,3}\W{0,3}(\S.{7,80}?)[\s\x1f\[(]{0,4}(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?[\])]?$"
)
_HEADER, _LINES = 80, 20
"""How far down a first paragraph, or without one a headline or line of labels, is looked for."""


def texts_of(blocks: list[Block]) -> tuple[str, ...]:
    """The paragraphs of an article's blocks in reading order."""
    lines = [block for block in blocks if block.picture is None]
    texts = [text for block in lines for text in split(block) if text]
    if texts and lines[-1].linked and (door := _DOOR_BEHIND.search(texts[-1])):
        texts[-1] = texts[-1][: door.start()]
    return tuple(texts[:-1] if texts and not texts[-1] else texts)


def split(block: Block) -> list[str]:
    """A block's paragraphs.

    A new one begins after an empty line, at an indented line, and where the line before ends
    with the end of a sentence; any other line break stays inside.
    """
    raw = visible(block.raw) if not block.cells else block.text
    if "\n" not in raw:
        return [_tidied(raw)]
    return [text for part in _BREAK.split(raw) if (text := _tidied(part))]


def _tidied(text: str) -> str:
    lines = (" ".join(line.split(" ")).strip() for line in text.split("\n"))
    return "\n".join(line.strip("\u3000\xa0 \u200b\ufeff") for line in lines if line.strip())


def article_blocks(page: Page, title: str) -> list[Block]:
    """The container's blocks, pictures included, that belong to the article."""
    blocks = _unrepeated(_shown(page))
    blocks = without_signs(_without_head_lines(page, blocks, key(title)))
    return pictures_above(page) + _without_noise(_without_notices(_curtailed(page, blocks)))


def _shown(page: Page) -> list[Block]:
    """Visible blocks that do not stand in furniture inside the container."""
    inside = page.span.element if page.span else None
    dropped = _dropped(page) | leading_away(page) | _summaries(page)
    return [
        block
        for block in page.body
        if not block.hidden
        and not (block.chrome and not (inside is not None and inside.chrome))
        and id(block) not in dropped
    ]


def _summaries(page: Page) -> set[int]:
    """The blocks of a box above the text that is marked as its summary and says it again, or cut.

    A summary in its own words is the text's first paragraph (qq.com, 2019).
    """
    found: set[int] = set()
    if page.span is None:
        return found
    for element in page.layout.marks("role:summary")[:_SUMMARIES]:
        inside = page.layout.inside(element) if isinstance(element, Element) else []
        within = page.span.first <= element.first and past(element) < page.span.last
        brief = 0 < len(inside) <= _SUMMED and _weight(inside) * 2 < _weight(page.body)
        if within and brief and element.first <= page.text_begin and _repeats(page, inside):
            found.update(map(id, inside))
    return found


def _repeats(page: Page, box: list[Block]) -> bool:
    text = box[0].text.strip()
    begun = text[:_BEGUN]
    again = sum(begun in block.text for block in page.body) > 1
    return text.endswith(("…", "...")) or (len(begun) == _BEGUN and again)


_BEGUN = 16
_SUMMARIES, _SUMMED = 3, 3
"""How many marked boxes are looked at, and how many lines such a box has."""


def _dropped(page: Page) -> set[int]:
    found: set[int] = set()
    for selector in page.rules.drop:
        wanted = {node.mem_id for node in page.tree.css(selector)}
        for element in page.layout.elements:
            if element.node is not None and element.node.mem_id in wanted:
                found.update(id(block) for block in page.layout.inside(element))
    return found


def _unrepeated(blocks: list[Block]) -> list[Block]:
    """The second copy of a text goes: pages hold one article for screens and one for phones.

    A paragraph that merely occurs twice (cmse.gov.cn, 2021) stays: copies count only where they
    make up a good part of everything.
    """
    seen: set[str] = set()
    kept, copied = [], 0
    for block in blocks:
        if len(block.text) > 40 and block.text in seen:
            copied += len(block.text)
            continue
        seen.add(block.text)
        kept.append(block)
    whole = sum(len(block.text) for block in blocks)
    return kept if copied * 3 > whole else blocks


def _without_head_lines(page: Page, blocks: list[Block], title: str) -> list[Block]:
    """Without headline, label lines and scraps above the first paragraph."""
    top = _headline_at(blocks, title)
    notes = _notes_among(page, blocks)
    prose = (
        i
        for i in range(top, min(len(blocks), _HEADER))
        if is_prose(blocks[i].text) and id(blocks[i]) not in notes and key(blocks[i].text) != title
    )
    above = [block for block in blocks[: next(prose, max(top, _LINES))] if block.picture is None]
    begin = 0
    for index in reversed(range(len(above))):
        if key(above[index].text) == title or id(above[index]) in notes:
            begin = blocks.index(above[index]) + 1
            break
    led = _lead_in(blocks[:begin], notes, title)
    blocks = led + blocks[begin:] if begin else blocks
    while begin and not led and len(blocks) > 1 and _goes_with_labels(blocks[0]):
        blocks = blocks[1:]
    summed = len(blocks) > 1 and _SUMMARY.match(blocks[0].text) and is_prose(blocks[1].text)
    return blocks[1:] if summed else blocks


def _notes_among(page: Page, blocks: list[Block]) -> set[int]:
    """Identities of the first lines that are labels or dates; those of an event are content."""
    numbers = {id(block): index for index, block in enumerate(page.layout.blocks)}
    return {
        id(block)
        for block in blocks[:_HEADER]
        if _is_note(block) and not is_content(page, numbers[id(block)])
    }


_NUMBERED = re.compile(
    r"[\u4e00-\u9fff]{1,12}\s?[〔\[(（【]\s?(?:19|20)\d\d\s?[〕\])）】]\s?第?\s?\d{1,5}\s?号|"
    r"^(?:[\u4e00-\u9fff]{2,30}(?:令|公告|通告|决定))?\s?[(（]?第?\s?[\d〇零一二三四五六七八九十百]{1,8}\s?号[)）]?$|"
    r"[(（](?:19|20)\d\d年\s?第?\s?\d{1,5}\s?号[)）]|令\s?第?\s?[\d〇零一二三四五六七八九十百]{1,8}\s?号"
)
"""A document's number, or an order's: 青政发〔2024〕7号, 令第179号."""
_PROMULGATED = re.compile(r"》.{0,80}(?:通过|批准|同意|审议|修订).{0,60}(?:公布|发布|印发|施行)")


def _lead_in(above: list[Block], notes: set[int], title: str) -> list[Block]:
    """What stands in the text before its repeated headline and belongs to an official document.

    Number, order and promulgation are the document's first lines; with them its headline stays.
    """
    first = next((i for i, b in enumerate(above) if b.picture is None and _leads_in(b)), None)
    if first is None or not any(key(block.text) == title for block in above[first + 1 :]):
        return []
    if _FILED.match(above[first].plain):
        return []
    return [block for block in above[first:] if id(block) not in notes and not is_noise(block)]


def _leads_in(block: Block) -> bool:
    """Whether a line is a number or a promulgation; one with a label is of the document's block."""
    text = block.text
    if block.cells or labels_of(block) or ":" in block.plain[:12]:
        return False
    if len(text) <= 60 and _NUMBERED.search(text):
        return True
    return len(text) <= 400 and _PROMULGATED.search(text) is not None


def _goes_with_labels(block: Block) -> bool:
    """Whether a line below the labels is another: 作者：, or how often the page was read."""
    if _FIGURE.match(block.text):
        return True
    named = len(block.text) < _NAMED and re.match(
        r"(?:文章|本文)?作\s{0,4}者\s{0,2}:", block.plain.strip()
    )
    return bool(named) and not _SENTENCE.search(block.text)


def _headline_at(blocks: list[Block], title: str) -> int:
    """Where the headline stands if little stands above it: a menu, a notice to readers."""
    lines = enumerate(blocks[:_HEADER])
    at = next((i for i, block in lines if len(block.text) < 150 and key(block.text) == title), 0)
    return at if 3 * _weight(blocks[:at]) < _weight(blocks[at:]) else 0


def _is_note(block: Block) -> bool:
    """Whether a block is a line of labels, or a date alone."""
    line = block.plain
    if len(line) > 160 or "。" in line:
        return False
    if _EVENT.match(line) and not MOMENT.search(line):
        return False
    kinds = {note.kind for note in labels_of(block)}
    told = len(kinds) > 1 or is_label_line(line) or MOMENT.search(line)
    if kinds & {"source", "time"} and told and len(line) < 120:
        return not line.startswith(("采写", "文/"))
    if _FILED.match(line) or (kinds and is_label_line(line) and MOMENT.search(line)):
        return True
    text = block.text.strip()
    dated = MOMENT.search(plain(text))
    if not dated:
        return False
    rest = len(text) - (dated.end() - dated.start())
    counted = _COUNTED.match(line[: dated.start()] + line[dated.end() :]) is not None
    led = dated.start() == 0 and (bool(kinds) or _DATED.match(line) is not None) and rest < 40
    return counted or led or (":" in dated[0] and rest < 24)


def _without_noise(blocks: list[Block]) -> list[Block]:
    """Without the site's lines; a heading such as 相关新闻 goes with the links below it."""
    kept: list[Block] = []
    listing = False
    tools: Element | None = None
    for block, following in zip(blocks, [*blocks[1:], None], strict=False):
        if block.picture is not None:
            if block.owner is not tools:  # beside 字号： pictures are buttons
                kept.append(block)
            continue
        heads = len(block.text) < 24 and bool(_ENDING.match(block.text))
        if heads and following is not None and following.picture is None:
            listing = _is_linked(following)
        elif not (listing and _is_linked(block)):
            listing = False
        noise = is_noise(block)
        tools = block.owner if noise and _TOOLS.match(block.text) else None
        if not listing and not noise:
            kept.append(block)
    return kept


def is_noise(block: Block) -> bool:
    """Whether a line inside the container is the site's, not the article's."""
    text = block.text
    if len(text) > 120:
        return False
    line = plain(text)
    if _SCANNED.match(line) and not _SITE_CHANNEL.search(line) and text.endswith(("。", "！")):
        return False  # a sentence of the text that asks to scan something
    if _NOISE.match(line) or _is_furniture(block, line):
        return True
    return len(text) < 60 and bool(_EDITORS.match(line)) and not _SENTENCE.search(text[:-1])


def _is_furniture(block: Block, line: str) -> bool:
    """Whether a line is one of buttons, tabs, doors or of the site from end to end."""
    text = block.text
    if is_counter(line) or (_is_linked(block) and _DOORS.search(line)):
        return True
    if _FILES_BOX.match(line) or _is_tabs(block) or _is_file_row(block, line):
        return True
    if not _WORD.search(text) or (len(text) < 60 and _is_controls(block.plain)):
        return True
    return len(text) < 90 and _SITE_LINE.match(line) is not None


def _is_file_row(block: Block, line: str) -> bool:
    """Whether a line is a box of files in one row: its heading, and links behind it."""
    found = _FILES_ROW.match(line)
    return found is not None and block.linked >= len(block.text) - found.end() - 2 > 0


def _is_tabs(block: Block) -> bool:
    """Whether a line is a tab, or several side by side: 全真版 文字版."""
    words = [word for word in _APART.split(block.plain) if word]
    if not words or not _TABS.issuperset(words):
        return False
    return len(words) > 1 or block.linked > 0 or block.tag in _TAB_TAGS


_BRACKETED = re.compile(r"[\[【(]([^\[\]【】()]{1,12})[\]】)]")
"""``[打 印] [关 闭]``: a button's word may be spread."""


def _is_controls(line: str) -> bool:
    """Whether a line is nothing but the words on buttons: ``听全文 字号 超大 大 标准 小``."""
    found = [word for word in _APART.split(line) if word]
    if len(found) < 2:
        return False
    if all(word in _CONTROLS or word.isdigit() for word in found):
        return True
    bracketed = ["".join(part.split()) for part in _BRACKETED.findall(line)]
    rest = _BRACKETED.sub("", line).strip()
    return not rest and len(bracketed) > 1 and _CONTROLS.issuperset(bracketed)


def _curtailed(page: Page, blocks: list[Block]) -> list[Block]:
    """Without what follows a heading such as 相关阅读, and without a last list of links."""
    whole, above = _weight(blocks), 0
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


def _without_notices(blocks: list[Block]) -> list[Block]:
    """Without the site's last words about itself, below at least as much text."""
    kept = list(blocks)
    texts = [i for i, block in enumerate(blocks) if block.picture is None][-_NOTES:]
    above = _weight(blocks)
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
    links = next((i for i, block in enumerate(texts) if not _is_linked(block)), len(texts))
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
    if len(block.text) < 24 and _ENDING.match(block.text):
        return True
    return any(note.kind == "editor" for note in labels_of(block)) and not (
        _SENTENCE.search(block.text[:-1])
    )


def _closes(page: Page, block: Block) -> bool:
    """Whether a last line is one of labels (发布日期, 责任编辑); when an event takes place is content."""
    if block.picture is not None or len(block.text) >= 60:
        return False
    kinds = {note.kind for note in labels_of(block)}
    if "editor" in kinds:
        return True
    if "time" not in kinds or (_EVENT.match(block.plain) and not MOMENT.search(block.plain)):
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
    return found is not None and spoken[found[0]] == 1 and not _SENTENCE.search(block.text)


def _number_of(page: Page, block: Block) -> int:
    blocks = page.layout.blocks
    return next(i for i in reversed(range(len(blocks))) if blocks[i] is block)


def _is_linked(block: Block) -> bool:
    return block.linked > 0.8 * len(block.text)


def _is_listed(block: Block) -> bool:
    """Whether a line is a row of a list: a link with its rank before it and its day behind it."""
    found = _LISTED.match(block.text) if block.linked > 7 else None
    return found is not None and block.linked >= 0.9 * len(found[1])


def _is_link_line(block: Block) -> bool:
    return (
        block.picture is None
        and (_is_linked(block) or _is_listed(block))
        and block.owner.tag in ("li", "a", "div", "ul", "td", "tr")
        and not re.search(r"\.(?:pdf|docx?|xlsx?|zip|rar|wps|ofd)|附件", block.text, re.IGNORECASE)
    )


def _weight(blocks: Iterable[Block]) -> int:
    return sum(len(block.text) - block.linked for block in blocks)
