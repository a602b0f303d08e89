"""Lines of the site that stand inside the text: buttons, shares, counters, tabs, notices."""

from __future__ import annotations

import re

from scraper.page.body.evidence import OTHERS, SENTENCE, is_linked
from scraper.page.layout.lines import Block, Element
from scraper.record.counters import is_counter
from scraper.text.plain import plain

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
_SITE_LINE = re.compile(
    r"^[\[(【<\s]{0,4}(?:附件下载|二维码|关注(?:微信)?公众号|(?:网站|内容)?纠错|阅读\s{0,2}[\d.]{1,9}\s?[万k+]{0,2}|举报/反馈|"
    r"分享让更多人看到|请?用微信扫.{0,12}|您的浏览器(?:不支持|版本过低).{0,30}|展开(?:全部|更多)|(?:查看|加载|显示)(?:全文|全部|更多)|"
    r"您(?:认为|觉得)(?:这篇|本篇|该)?(?:文章|内容|信息|页面).{0,30}|更多(?:资讯|内容|精彩|新闻).{0,6}关注.{0,20}|TAGS?\s{0,2}:.{0,60}|我(?:来说两句|要评论)|(?:收?听)(?:全文|新闻|报道|文章)|语音播报|"
    r"点击(?:上方|下方).{0,16}(?:关注|订阅).{0,8}|保护视力色?|.{0,30}未经.{0,8}(?:授权|许可|允许|同意).{0,6}(?:不得|请勿|禁止|严禁|谢绝).{0,4}(?:转载|使用|复制).{0,20}|Copyright\s.{0,80}|本文版权归.{0,60}|首页\s{0,3}[>›»].{0,40}|.{0,14}\d{1,2}\s?(?:秒|分钟|小时|天)前)"
    r"[\])】>\s:.。!]{0,4}$",
    re.IGNORECASE,
)
"""Lines that are the site's from their first sign to their last."""
_APART = re.compile(r"[\s\x1f|:/·\[\]()【】<>«»‹›+,、…]+")
_RUN = re.compile(r"[^\s\x1f|:/·\[\]()【】<>«»‹›+,、…\d]{13}")
"""A run of letters that no tab and no button is as long as."""
_WORD = re.compile(r"\w")
_DOORS = re.compile(r">>$|»$|^(?:点击|返回|进入|下载|更多|查看|关注|订阅)|^[\d\[\]()\s]+$")
_TOOLS = re.compile(r"^[\[【(（<\s]{0,3}(?:字号|字体|打印|分享|收藏|放大|缩小|语音|朗读)")


def without_noise(blocks: list[Block]) -> list[Block]:
    """Without the site's lines; a heading such as 相关新闻 goes with the links below it."""
    kept: list[Block] = []
    listing = False
    tools: Element | None = None
    for block, following in zip(blocks, [*blocks[1:], None], strict=False):
        if block.picture is not None:
            if block.owner is not tools:  # beside 字号： pictures are buttons
                kept.append(block)
            continue
        heads = len(block.text) < 24 and bool(OTHERS.match(block.text))
        if heads and following is not None and following.picture is None:
            listing = is_linked(following)
        elif not (listing and is_linked(block)):
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
    return len(text) < 60 and bool(_EDITORS.match(line)) and not SENTENCE.search(text[:-1])


def _is_furniture(block: Block, line: str) -> bool:
    """Whether a line is one of buttons, tabs, doors or of the site from end to end."""
    text = block.text
    if is_counter(line) or (is_linked(block) and _DOORS.search(line)):
        return True
    if _FILES_BOX.match(line) or _is_file_row(block, line) or not _WORD.search(text):
        return True
    if not _RUN.search(block.plain) and (
        _is_tabs(block) or (len(text) < 60 and _is_controls(block.plain))
    ):
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
