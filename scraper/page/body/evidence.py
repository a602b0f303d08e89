"""What all parts of the body ask of a line."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scraper.page.layout.lines import Block

SENTENCE = re.compile("[。！？；]")
OTHERS = re.compile(
    r"^[\[【<>\s·■◆●▶>-]{0,4}(?:相关(?:阅读|链接|新闻|文章|稿件|报道|推荐|资讯|信息|解读|专题|内容|政策|文件|视频|日志|博文|附件下载|股票|个股|基金|公司)|文章作者|作者(?:最新|其他|更多)文章|延伸\s{0,2}[·・]?\s{0,2}(?:阅读|推荐)|推荐(?:阅读|新闻|文章)|热门(?:推荐|新闻|文章|点击|排行|评论)|"
    r"猜你喜欢|为您推荐|您可能(?:感兴趣|还)|更多(?:精彩|新闻|内容|相关)|今日(?:推荐|热点)|最新(?:推荐|新闻|文章|资讯)|精彩(?:推荐|图片)|图片新闻|网友评论|随机(?:看看|推荐|阅读|文章)|"
    r"(?:全部|最新|热门|发表)评论|文章评论|大家都在(?:看|搜)|往期(?:回顾|推荐|精彩)|热点(?:推荐|新闻)|编辑推荐|免责声明|版权(?:声明|与免责)|上一篇|特别声明|新闻排行|阅读排行|热图推荐)"
    r"[\s\]】:：>»》]{0,6}(?:更多|$|[>+]|.{0,3}$)"
)
"""The heading of a box about other articles, or of comments and rights."""
EVENT = re.compile(r"^(?:\w{0,4}时间|日期)\s{0,2}:[\s\x1f]{0,4}(?:\d{1,2}月\d|每|周|星期)")
"""When something takes place: 时间：9月8日（周五）19:00. A publication has its year."""


def weight(blocks: Iterable[Block]) -> int:
    """How many signs of text, links left out, blocks hold."""
    return sum(len(block.text) - block.linked for block in blocks)


def is_linked(block: Block) -> bool:
    """Whether a line is a link, or nearly."""
    return block.linked > 0.8 * len(block.text)
