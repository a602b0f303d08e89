"""Examples of the rules that tell a page's text from what stands around and inside it."""

from __future__ import annotations

from scraper.page.examples.pages import HEADLINE, PROSE, TEXT, article
from scraper.page.rules.rule import Example
from scraper.page.rules.selectors import FieldRules


def _lines(*lines: str) -> str:
    return "".join(line if line.startswith("<") else f"<p>{line}</p>" for line in lines)


def middle(*lines: str) -> str:
    """A page with lines between the first two paragraphs of its text."""
    first, *rest = PROSE
    text = _lines(first, *lines, *rest)
    heading = f"<h1>{HEADLINE}</h1>"
    return f"<div class='main'>{heading}<div class='content'>{text}</div></div><div class='footer'>版权所有 青川市</div>"


def ending(*lines: str) -> str:
    """A page with lines below its text, in one container with it."""
    return article(end=_lines(*lines))


_INSIDE: dict[str, tuple[str, ...]] = {
    "player": ("自动播放", "点击播报本文，约2分钟"),
    "share": ("分享到：", "分享给好友或者微信群", "转发微博"),
    "scan": ("扫一扫在手机打开当前页", "长按识别二维码"),
    "divider": ("------分隔线----------------------------",),
    "length": ("（本文共约1200字，阅读需3分钟）", "全文共1530字"),
    "print": ("关闭窗口", "打印此文"),
    "wish": ("我要纠错",),
    "font": ("字号：16号 14号", "【字体大小：18 16 14】"),
    "back": ("返回顶部", "返回首页"),
    "slides": ("下一张",),
    "account": ("本文来自青川发布公众号，作者为一线的水务工作人员",),
    "editor": ("责任编辑：张三。电话0839-7200000。",),
    "neighbour": ("上一篇：没有了", "下一条：城管夜间巡查"),
    "client": ("打开客户端，查看全部内容",),
    "button": ("举报", "加载中"),
    "counter": ("浏览次数：32次，评分3.5", "点击数：载入中"),
    "place": ("当前位置：首页 新闻 正文",),
    "original": ("（原标题：青川内涝点整治提速）",),
    "link": ("本文链接：http://www.qc.gov.cn/1.html", "原文地址：http://www.qc.gov.cn/1.html"),
    "rights": (
        "免责声明：本站不保证内容无误。",
        "转载请注明出处。",
        "以上内容不代表本站立场。",
    ),
    "more": ("点击查看更多精彩内容", "阅读全文"),
    "checked": ("一审：李四　二审：王五",),
    "editors": ("编辑 张三", "青川日报记者 张三 见习编辑 李四"),
    "site-button": ("二维码", "关注公众号", "保护视力色", "分享让更多人看到"),
    "scan-line": ("请用微信扫上方的码",),
    "browser": ("您的浏览器不支持视频播放，请升级",),
    "expand": ("展开全部", "加载更多"),
    "survey": ("您认为这篇文章对您有帮助吗",),
    "follow": ("更多精彩请关注青川发布", "点击上方蓝字关注我们"),
    "leaving": ("您访问的链接即将离开本网站，是否继续？", "政策咨询请点此处"),
    "tags": ("TAG: 内涝 水务",),
    "listen": ("收听全文", "语音播报"),
    "reserved": ("本站内容未经允许不得转载", "Copyright 2024 青川网"),
    "path": ("首页 > 新闻 > 正文",),
    "ago": ("青川发布 3小时前",),
    "page-count": ("已有 32 人浏览",),
    "door": ("<p><a href='/x.html'>进入专题页面</a></p>",),
    "files-box": ("相关附件", "文件下载"),
    "files-row": ("<p>相关附件：<a href='/u/1.pdf'>申报表.pdf</a></p>",),
    "tabs": ("<p>全真版 文字版</p>", "<div>图文版</div>"),
    "symbols": ("◆ ◆ ◆",),
    "controls": ("听全文 字号 超大 大 标准 小", "[打 印] [关 闭]"),
}
_KEPT: dict[str, tuple[str, ...]] = {
    "share": ("分享到基层去的经验，是这次会议的一项内容",),
    "scan": ("扫一扫车站的二维码，市民就能知道下一班车还有几分钟到站。",),
    "font": ("大 的方向已经定了",),
    "print": ("关闭窗口以前，工作人员已经把材料收齐。",),
    "button": ("评论员文章认为，整治要从源头抓起",),
    "files-box": ("附件：1. 名单",),
    "editors": ("编辑 这样一本书，他用了十年。这是后话。",),
    "ago": ("这条河在十年以前还是另一番景象",),
    "symbols": ("一、二、三",),
    "tabs": ("正文",),
    "leaving": ("您即将离开这座城市时，志愿者会送上一份地图和一句祝福，祝您一路平安顺利。",),
}

_BELOW: dict[str, tuple[tuple[str, ...], ...]] = {
    "others": (("相关阅读", "城管部门开展夜间巡查"), ("延伸 · 阅读", "城管部门开展夜间巡查")),
    "comments": (("精彩跟帖", "住在附近的人终于不用蹚水了"),),
    "rights-heading": (("版权与免责事项", "来稿照登"), ("上一篇", "城管夜间巡查")),
    "below-comments": (("我要反馈", "请写下意见"), ("32条评论", "住在附近的人不用蹚水了")),
    "below-keywords": (("文章关键词：内涝", "水务"),),
    "below-pages": (("返回首页 设为主页", "城管夜间巡查"), ("相关文档", "年度计划")),
    "foot": (("青川网 蜀ICP备05000001号", "地址：青川市人民路1号"),),
    "linked-keywords": (("<p>标签：<a href='/t'>内涝</a></p>", "水务"),),
    "replies": (("沙发 发表于: 2024-05-06 10:20", "住在附近的人终于不用蹚水了，谢谢。"),),
    "rights-box": (("版权声明：凡本网注明来源的稿件，版权均属本网，欢迎转载。", "联系本网"),),
    "editor-line": (("责任编辑:张三", "值班主任 李四"),),
    "last-links": (("<div><a href='/1.html'>城管部门开展夜间巡查行动</a></div>",),),
    "last-rows": (
        ("<div>1<a href='/1.html'>城管部门开展夜间巡查行动今晚启动</a> 2024-05-06</div>",),
    ),
    "last-time": (("发布时间：2024-05-06",),),
    "signed-off": (("作者：张三",), ("记者 | 张三",)),
    "notice-rights": (("本文图片著作权归青川摄影协会所有。",),),
    "notice-reprint": (("如需转载，请给我们来信。",),),
    "notice-risk": (("市场有变化，据此操作请谨慎。",),),
    "notice-hotline": (("新闻热线：0839-7200000。",),),
    "notice-channel": (("欢迎您订阅青川手机报。",), ("搜索关注青川发布公众号。",)),
    "notice-source": (("（消息来源：青川日报社）",),),
}
_STAYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "others": (("相关阅读室已经开放，市民可以凭证入内",),),
    "replies": (("沙发 和茶几都搬进了新居",),),
    "last-time": (("招聘会时间：2024年5月10日 9:00",),),
    "signed-off": (("（记者 张三）",),),
    "posted-below": (("By the end of 2008 the town had grown.",),),
    "notice-hotline": (("1. 新闻热线由专人值守",),),
}


_TITLED = f"<p>{HEADLINE}</p>"
_BOX = "<p><a href='/1.html'>城管部门开展夜间巡查行动</a></p><p><a href='/2.html'>排水口清淤提前完成任务</a></p>"


def _one(markup: str, value: str | None = None) -> tuple[Example, ...]:
    return (Example(markup, value),)


_STEPS: dict[str, tuple[Example, ...]] = {
    "hidden": _one(middle("<p style='display:none'>住在附近的人终于不用蹚水了</p>")),
    "handlers": _one(middle("<div><a href='javascript:;'>导读模式</a></div>")),
    "posted-above": _one(article(lead="<p>By John Smith | Posted on March 3, 2008</p>")),
    "posted-below": _one(ending("<p>Filed under Town by John Smith</p>")),
    "inner-furniture": _one(
        middle("<div class='recommend'><p>住在附近的人终于不用蹚水了</p></div>")
    ),
    "leading-away": _one(
        middle("<p><a href='http://www.example.com/'><img src='/u/1.jpg'></a></p>")
    ),
    "copies": _one(article(end=TEXT)),
    "signs": _one(middle("<p><img src='/u/1.jpg'></p>", "扫一扫在手机打开当前页")),
    "slider": _one(
        article("<p>2024-05-06　来源：青川日报</p><p><img src='/upload/1.jpg'></p>"), "1.jpg"
    ),
    "door-behind": _one(
        ending("<p>改造还在进行。<a href='/2.html'>点击查看更多</a></p>"), "改造还在进行。"
    ),
    "captions": _one(middle("<p><img src='/u/1.jpg'></p>", "整治现场。张三 摄"), "1.jpg"),
    "headline": _one(article(lead=_TITLED)),
    "scraps": _one(article(lead="<p>水务专栏</p><p>2024-05-06　来源：青川日报</p>")),
    "labels": _one(article(lead="<p>来源：青川日报　发布时间：2024-05-06</p>")),
    "document-block": _one(article(lead="<p>索引号：qc01/2024-1</p>")),
    "counted": _one(article(lead="<p>2024-05-06 10:20 （青川）</p>")),
    "lead-in": _one(
        article(lead=f"<p>青政发〔2024〕7号</p>{_TITLED}"), f"青政发〔2024〕7号 / {HEADLINE}"
    ),
    "more-labels": _one(article(lead="<p>来源：青川日报　2024-05-06</p><p>作者：张三</p>")),
    "labelled-summary": _one(article(lead="<p>摘要：全市内涝点改造提速。</p>")),
    "summary": _one(article(lead=f"<div class='summary'><p>{PROSE[0][:30]}……</p></div>")),
    "headline-below": _one(
        article(
            lead=f"<p>敬请读者注意，本站将于近日升级，可能有短时间无法访问，请谅解。</p>{_TITLED}"
        )
    ),
    "listing": _one(middle("相关新闻", "<p><a href='/1.html'>城管部门开展夜间巡查行动</a></p>")),
    "tool-pictures": _one(middle("<p>字号：16号 <img src='/u/1.jpg'></p>")),
    "goes-on": _one(
        f"<h1>{HEADLINE}</h1><div class='content'><p>{PROSE[0]}</p><p>{PROSE[1]}</p><p>相关阅读</p>{_BOX}<p>{PROSE[2]}</p></div>"
    ),
}
_LETTERS = [
    f"<p>市民来信照登，河边的步道修好了，路灯也亮了，晚饭后散步的人多了起来，第{n}封。</p>"
    for n in "一二三四五"
]
_LONG, _SOME = "".join(_LETTERS), "".join(_LETTERS[:3])
_EMBEDDED = (
    '<div id="app"></div><script>window.__INITIAL_STATE__ = {"article": {"title": "内涝点整治提速", "content": "'
    + TEXT
    + '"}}</script>'
)
_CHOSEN: dict[str, tuple[Example, ...]] = {
    "rules": (
        Example(
            f"<h1>{HEADLINE}</h1><div class='one'>{TEXT}</div><div class='two'>{_LONG}</div>",
            None,
            selectors=FieldRules(body=(".one",)),
        ),
    ),
    "family": _one(
        f"<h1>{HEADLINE}</h1><div class='TRS_Editor'>{TEXT}</div><div class='two'>{_SOME}</div>"
    ),
    "generic": _one(f"<h1>{HEADLINE}</h1><div class='one'>{TEXT}</div>"),
    "script": _one(_EMBEDDED),
    "boxes": _one(
        f"<h1>{HEADLINE}</h1><div class='content'>{TEXT}</div><div><div class='two'><p>网友评论</p>{_LONG}</div></div>"
    ),
    "narrowed": _one(article(below="<p>青川水务专栏每周一期，欢迎广大读者来稿交流治水经验</p>")),
    "no-labels": (
        Example(
            f"<h1>{HEADLINE}</h1><div>来源：青川日报，时间：2024-05-06，作者：张三</div><div class='content'>详见附件</div>",
            "(text missing) / 详见附件",
        ),
    ),
    "named": (
        Example(
            f"<h1>{HEADLINE}</h1><div class='content'>详见附件</div>",
            "(text missing) / 详见附件",
            head="<meta name='PubDate' content='2024-05-06'><meta name='ContentSource' content='青川日报'>",
        ),
    ),
}
_MORE_INSIDE: dict[str, tuple[str, ...]] = {
    "scan": ("微信扫码看全文", "用微信打开本页"),
    "back": ("回到顶部",),
    "editor": ("责编：张三。电话0839-7200000。",),
    "neighbour": ("下一页 >", "后一篇：城管夜间巡查"),
    "counter": ("阅读量：载入中",),
    "place": ("您现在的位置 新闻 正文",),
    "rights": (
        "版权声明见首页",
        "特别声明见首页",
        "郑重声明：来稿照登",
        "本文系网友来稿，本站照登",
        "未经授权不可采用",
    ),
    "more": ("展开阅读",),
    "site-button": ("网站纠错", "文章报错", "举报/反馈", "我来说两句"),
    "reserved": ("本文版权归青川网",),
}
_MORE_BELOW: dict[str, tuple[str, ...]] = {
    "notice-reprint": ("本稿未经许可他人不得摘编。", "转载时请联系编辑部。", "请与本站联系。", "来稿一经采用即付稿酬。"),
    "notice-risk": ("投资有风险请自担。", "文中说法不代表本刊观点。", "文中说法不构成投资建议。"),
    "notice-hotline": ("您想爆料吗。", "欢迎报料。", "欢迎提供各类新闻线索。", "您有新闻线索吗。", "广告合作请来电。"),
    "notice-channel": (
        "限时免费听书。", "编辑部推荐进入专栏。", "打开青川新闻体验新版。", "扫二维码就能关注。", "首发于微信公众号。",
        "下载青川客户端就能看。", "更多消息请访问青川网。",
    ),
}  # fmt: skip
READS: dict[str, tuple[Example, ...]] = {
    **{
        name: tuple(Example(middle(line), None) for line in lines)
        for name, lines in _INSIDE.items()
    },
    **{
        name: tuple(Example(ending(*some), None) for some in lines)
        for name, lines in _BELOW.items()
    },
    **_STEPS,
    **_CHOSEN,
}
for _name, _added in _MORE_INSIDE.items():
    READS[_name] += tuple(Example(middle(line), None) for line in _added)
for _name, _added in _MORE_BELOW.items():
    READS[_name] += tuple(Example(ending(line), None) for line in _added)
REFUSES: dict[str, tuple[Example, ...]] = {
    **{name: tuple(Example(middle(one), one) for one in lines) for name, lines in _KEPT.items()},
    **{
        name: tuple(Example(ending(*some), " / ".join(some)) for some in lines)
        for name, lines in _STAYS.items()
    },
}
