"""Lines of the site among an article's: they go; lines that merely begin like them stay."""

from __future__ import annotations

import pytest

from scraper.record.release import Release
from tests.page.article import TEXT, paragraphs, read

BELOW = [
    "扫一扫在手机打开当前页",
    "分享到：",
    "【打印】 【关闭】",
    "打印本页",
    "关闭窗口",
    "上一篇：市政府召开会议",
    "下一篇：没有了",
    '上一条：<a href="/1">市政府召开会议</a>',
    "责任编辑：章明",
    "编辑：章明 审核：李四海",
    "附件下载：",
    "点击数：12",
    "浏览次数：<span>12</span>次",
    "【字体：大 中 小】",
    "字号：A A+ A-",
    "我要纠错",
    "收藏",
    "返回顶部",
    "返回列表",
    '<a href="/">返回首页</a>',
    '<a href="/x">点击查看更多</a>',
    "版权声明：未经授权不得转载",
    "免责声明：本文仅代表作者观点",
    "本文版权归青川日报所有，未经许可不得转载。",
    "版权与免责声明：凡本网注明“来源：青川日报”的作品，版权均属于青川日报。",
    "【版权及免责说明】 本网所载文字、图片均已注明出处，其他媒体使用时应当保留。",
    "<span>全真版</span><span>文字版</span>",
    "用手机扫描二维码查看本页",
    "凡标注来源为青川日报的文字、图片和音视频，其他媒体使用时应当保留出处。",
    "（责任编辑：章明）",
    "二维码",
    "长按二维码关注我们",
    "扫描二维码关注",
    "关注公众号",
    "微信扫一扫",
    "点赞 12",
    "0条评论",
    "相关链接：",
    "相关新闻",
    "推荐阅读：",
    '标签：<a href="/t/1">水务</a> <a href="/t/2">防汛</a>',
    "关键词：<a>水务</a>",
    "原标题：内涝点整治",
    "【纠错】",
    "网站纠错",
    "阅读原文",
    "阅读 1.2万",
    "举报/反馈",
    "来源：青川日报|记者：韩冰|编辑：章明",
    "特别声明：以上内容为自媒体平台用户上传",
    "声明：转载此文是出于传递更多信息之目的。若有来源标注错误请与我们联系。",
    "【返回顶部】【打印本页】【关闭窗口】",
    "Copyright © 2024 青川日报",
    "分享让更多人看到",
    "请用微信扫描二维码",
    "您的浏览器不支持视频播放",
    "展开全部",
    "查看全文",
    "加载更多",
    "一审：张三 二审：李四 三审：王五",
    "终审：王五",
    "监制：王五",
    "更多资讯请关注青川发布",
    '<a href="/live">点击进入专题&gt;&gt;</a>',
    "TAG：水务",
    "本文地址：http://a.cn/1.html",
    "发布时间：2024-05-06",
    "（点击量：12）",
    "我来说两句",
    "[评论文章] [收藏文章] [返回]",
    '|&lt;&lt; <a href="/1.html">1</a><a href="/2.html">2</a><a href="/3.html">3</a><a href="/2.html">下一页</a>&gt;&gt;|',
    "首页 上一页 下一页 尾页",
]
ABOVE = [
    "扫一扫在手机打开当前页",
    "分享到：",
    "【字体：大 中 小】",
    "听全文",
    "语音播报",
    "来源：青川日报",
    "编辑：章明",
    "摘要：内涝点整治提速。",
    "点击上方蓝字关注我们",
    "2024-05-06 10:20:00",
    "阅读：12",
    "打印 关闭",
    "收藏",
    "大 | 中 | 小",
    "保护视力色：",
    '<a href="/">首页</a> &gt; <a href="/z">政务</a> &gt; 正文',
    "当前位置：首页 &gt; 政务",
    "发布机构：水务局",
    "索引号：0001",
    "（来源：青川日报）",
]
TEXTS = [
    "（青川市水务局供稿）",
    "一、整治任务",
    "附表",
    "联系电话：0839-7200123",
    "联系人：李四海",
    "青川市水务局",
    "2024年5月6日",
    "注：数据截至4月底。",
    "（完）",
    "声明指出，双方将继续合作。",
    "打印机采购项目完成招标。",
    "来源多样化是趋势。",
    "编辑部设在青川。",
    "扫描电镜显示，样品完好。",
    "收藏家捐赠古籍三十册。",
    "相关部门负责人参加会议。",
    "推荐阅读书目十种。",
    "关注民生，是水务工作的出发点。",
    "下载速度提升一倍。",
    "分享会上，代表畅谈体会。",
    "评论家认为，作品贴近生活。",
    "点击启动按钮，闸门缓缓升起。",
    "标签化管理成效明显。",
    "更多群众受益。",
    "举报电话：12345",
    "版权登记工作取得进展。",
    "时 间：2024年6月4日下午3点",
    "日期：2024年6月4日（星期二）9:00",
    "时间：6月4日（星期二）9:00",
    "上一年度，全市降水偏多。",
    "下一页图纸显示，泵站位于城东。",
]


def page(above: str = "", below: str = "") -> Release:
    line = "<p>2024-05-06 10:20 来源：青川日报</p>"
    text = f"{above}{paragraphs(*TEXT)}{below}"
    return read(f"<div><h1>内涝点整治提速</h1>{line}<div>{text}</div></div>")


@pytest.mark.parametrize("line", BELOW)
def test_a_line_of_the_site_below_the_text_goes(line: str) -> None:
    assert page(below=paragraphs(line)).paragraphs == TEXT


@pytest.mark.parametrize("line", ABOVE)
def test_a_line_of_the_site_above_the_text_goes(line: str) -> None:
    assert page(above=paragraphs(line)).paragraphs == TEXT


@pytest.mark.parametrize("line", TEXTS)
def test_a_line_of_the_article_stays(line: str) -> None:
    assert page(below=paragraphs(line)).paragraphs == (*TEXT, line)
    assert page(above=paragraphs(line)).paragraphs == (line, *TEXT)


@pytest.mark.parametrize(
    "address",
    [
        "/img/qrcode.jpg",
        "/images/ewm.png",
        "/logo.png",
        "/icon/pdf.gif",
        "/blank.gif",
        "data:image/png;base64,AA",
    ],
)
def test_furniture_is_no_picture_of_the_article(address: str) -> None:
    assert page(below=f'<p><img src="{address}"></p>').images == ()


def test_pictures_beside_the_words_of_a_tool_line_are_buttons() -> None:
    tools = '<div><span>字号：</span><img src="/up.gif" onclick="up()"><img src="/down.gif"></div>'
    picture = '<p><img src="/station.jpg"></p>'
    assert [image.url for image in page(above=tools + picture).images] == [
        "http://a.cn/station.jpg"
    ]


@pytest.mark.parametrize("door", ["查看更多", "返回青川网，查看更多", "点击查看全文&gt;&gt;"])
def test_a_link_at_the_texts_end_that_leads_on_is_no_text(door: str) -> None:
    last = f"{TEXT[-1]}\u3000<a href='/more'>{door}</a>"
    assert page(below=f"<p>{last}</p>").paragraphs == (*TEXT, TEXT[-1])


def test_words_that_lead_on_stay_where_they_are_the_text() -> None:
    last = "居民可在窗口点击屏幕查看更多"
    assert page(below=paragraphs(last)).paragraphs == (*TEXT, last)


@pytest.mark.parametrize(
    "line",
    [
        "时间：9月8日（周五）19:00-21:00",
        "活动时间：9月8日晚",
        "时间：每周六上午9:00",
        "日期：10月3日",
    ],
)
def test_when_something_takes_place_is_no_line_of_the_header(line: str) -> None:
    assert page(above=paragraphs("讲座预告", line)).paragraphs == ("讲座预告", line, *TEXT)


def test_links_in_a_table_at_the_texts_end_are_no_text() -> None:
    table = "<table><tr><td><a href='/s'>搜索“内涝点”</a></td></tr></table>"
    assert page(below=table).paragraphs == TEXT


def test_a_line_that_repeats_what_the_picture_shows_is_its_caption() -> None:
    shown = "<table><tr><td><img src='/1.jpg' alt='泵站外景'></td></tr><tr><td>泵站外景</td></tr></table>"
    release = page(above=shown)
    assert release.paragraphs == TEXT
    assert [image.caption for image in release.images] == ["泵站外景"]


def test_a_list_below_the_text_goes_with_its_heading() -> None:
    rows = "".join(
        f"<li><span>{n}</span> <a href='/{n}'>青川大桥合龙通车典礼{n}</a> <span>04-0{n}</span></li>"
        for n in (1, 2, 3)
    )
    below = f"<h4>随机看看</h4><p>NEW ARTICLE</p><ul>{rows}</ul>"
    assert page(below=below).paragraphs == TEXT


def test_a_day_at_the_end_of_a_text_is_no_row_of_a_list() -> None:
    signed = "报名地址见<a href='/a'>附近网点</a>，截止2024年5月6日"
    assert page(below=f"<ul><li>{signed}</li></ul>").paragraphs[-1].startswith("报名地址见")


@pytest.mark.parametrize(
    "line",
    [
        "青川网(www.a.cn)专稿，未经书面授权请勿转载。",
        "本文为原创内容，未经许可不得转载，违者必究。",
        "转载注明来源：http://a.cn/1.html",
    ],
)
def test_a_line_that_forbids_reprinting_is_no_text(line: str) -> None:
    assert page(below=paragraphs(line)).paragraphs == TEXT
