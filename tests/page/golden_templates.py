"""Golden pages of our own making: ``python -m tests.page.golden_templates`` writes those that are missing.

Each page has a template's habits and one matter of its own. Its record is read by eye before it is
committed; from then on it says what is right. Names, places and events are invented.
"""

from __future__ import annotations

import json

from tests.page.golden import PAGES, as_json, read

P1 = "青川市水务局日前召开专题会议，研究部署城区内涝点整治工作。会议指出，今年以来全市已完成易涝点改造三十七处，惠及居民四万余户。"
P2 = "会议强调，要坚持问题导向，对照台账逐项销号，确保汛期来临前排水能力提升到三年一遇标准。"
P3 = "下一步，该局将会同城管、住建等部门，加密巡查频次，完善应急预案，并向社会公布举报电话。"
BODY = f"<p>{P1}</p><p>{P2}</p><p>{P3}</p>"
MENU = "<div class='nav'><a href='/'>首页</a><a href='/xw/'>新闻</a><a href='/gk/'>公开</a><a href='/fw/'>服务</a></div>"
FOOT = "<div class='footer'>主办：青川市人民政府　网站标识码：5199990001　蜀ICP备00000000号</div>"
URL = "http://www.qingchuan.example.gov.cn/xw/content_{}.html"


def page(title: str, main: str, head: str = "", suffix: str = "_青川市人民政府") -> str:
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}{suffix}</title>{head}</head>"
        f"<body>{MENU}<div class='main'>{main}</div>{FOOT}</body></html>"
    )


def news(title: str, info: str, body: str = BODY, *, after: str = "", head: str = "") -> str:
    main = f"<h1>{title}</h1><div class='info'>{info}</div><div class='content'>{body}</div>{after}"
    return page(title, main, head)


INFO = "2024-03-01 16:39　来源：青川日报"
DECREE = "青川市城市供热管理办法"
ORDER = (
    f"<p>青川市人民政府令</p><p>第179号</p><p>《{DECREE}》已经2024年2月20日市人民政府第5次常务会议通过，现予公布，自2024年4月1日起施行。</p>"
    f"<p>市长 江望川</p><p>2024年2月25日</p><p>{DECREE}</p><p>第一条　为了加强城市供热管理，维护用户合法权益，根据有关法律、法规，制定本办法。</p>"
    "<p>第二条　本市行政区域内供热的规划、建设、经营和使用，适用本办法。</p>"
)
BLOCK = (
    "<table class='xxgk'><tr><td>索引号</td><td>51999900/2024-00031</td><td>主题分类</td><td></td></tr>"
    "<tr><td>发文字号</td><td>青政办发〔2024〕3号</td><td>发文机关</td><td>青川市人民政府办公室</td></tr>"
    "<tr><td>成文日期</td><td>2024年2月25日</td><td>有效性</td><td></td></tr></table>"
)
ITEMS = (
    "<ul id='zoomsubtitl'><li>统一编号： QC0320240034</li><li>文　　号： 青府办发〔2024〕3号</li>"
    "<li>实施日期： 2024年04月01日</li><li>发布机关： 青川市人民政府办公室</li><li>文件状态：</li></ul>"
)
PHOTO = "<p style='text-align:center'><img src='/u/{}.jpg'></p><p style='text-align:center'>{}</p>"
RELATED = "<div class='xgyd'><h3>相关阅读</h3><ul><li><a href='/1.html'>青川市启动防汛四级应急响应</a></li><li><a href='/2.html'>青川市完成水库除险加固</a></li></ul></div>"

TEMPLATES: dict[str, str] = {
    "event_power_cut": news("计划停电公告", INFO, f"<p>停电时间：2024-03-05 08:00—2024-03-05 18:00</p><p>停电范围：望江路、滨河路一带。</p>{BODY}"),
    "event_tender": news("泵站改造工程招标公告", "发布日期：2024-03-01", f"<p>开标时间：2024年3月21日 09:30</p><p>开标地点：市公共资源交易中心三楼。</p>{BODY}"),
    "event_warning": news("青川市气象台发布暴雨预警", "发布时间：2024-06-11 16:42　来源：市气象局", f"<p>青川市气象台2024年6月11日16时30分发布暴雨黄色预警信号</p>{BODY}"),
    "speech_in_brackets": news("在全市防汛工作会议上的讲话", INFO, f"<p>（2024年2月27日　青川）</p>{BODY}"),
    "updated_and_published": news("内涝点整治提速", "更新时间：2024-03-02 10:00　发布时间：2024-03-01 16:39　来源：市水务局"),
    "afternoon_clock": news("内涝点整治提速", "2024年3月1日 下午4:39　来源：青川日报"),
    "full_width_date": news("内涝点整治提速", "２０２４—０３—０１　１６：３９　来源：青川日报"),
    "head_only": page("内涝点整治提速", f"<div class='content'>{BODY}</div>", "<meta name='ArticleTitle' content='内涝点整治提速'><meta name='PubDate' content='2024-03-01 16:39'><meta name='ContentSource' content='市水务局'>"),
    "linked_data": page("内涝点整治提速", f"<h1>内涝点整治提速</h1><div class='content'>{BODY}</div>", '<script type="application/ld+json">{"@type":"NewsArticle","headline":"内涝点整治提速","datePublished":"2024-03-01T08:39:00Z","author":{"name":"江小川"},"publisher":{"name":"青川日报"}}</script>'),
    "title_only": page("内涝点整治提速", f"<div class='content'>{BODY}</div>"),
    "document_table": page("关于做好供热工作的通知", f"{BLOCK}<h1>关于做好供热工作的通知</h1><div class='content'>{BODY}</div>", "<meta name='PubDate' content='2024-03-01 16:39'>"),
    "document_items": page("关于做好供热工作的通知", f"{ITEMS}<h1>关于做好供热工作的通知</h1><div class='content'>{BODY}</div>", "<meta name='PubDate' content='2024-03-01 16:39'><meta name='ContentSource' content='青川市人民政府办公室'>"),
    "document_dl": page("关于做好供热工作的通知", "<dl><dt>索引号：</dt><dd>QC-2024-7</dd><dt>文号：</dt><dd>青水〔2024〕7号</dd><dt>主题词：</dt><dd></dd></dl>" + f"<h1>关于做好供热工作的通知</h1><div class='info'>发布日期：2024-03-01</div><div class='content'>{BODY}</div>"),
    "decree": news(DECREE, "2024-03-01 09:00　来源：市司法局", ORDER),
    "notice_with_number": news("关于做好供热工作的通知", "2024-03-01　来源：市政府办", f"<p>青府办发〔2024〕3号</p><p>关于做好供热工作的通知</p><p>各县区人民政府，市级各部门：</p>{BODY}<p>青川市人民政府办公室</p><p>2024年2月28日</p>"),
    "pdf_frame": page("关于做好供热工作的通知", "<h1>关于做好供热工作的通知</h1><div class='info'>2024-03-01 16:39　来源：市政府办</div><iframe src='/pdfjs/web/viewer.html?file=/u/2024/tz.pdf'></iframe>"),
    "file_only": news("公开招聘公告", INFO, "<p>附件：<a href='/d/download.jsp?id=88'>公开招聘公告.docx</a></p>"),
    "several_files": news("关于申报项目的通知", INFO, BODY + "<p>附件1：<a href='/u/1.docx;jsessionid=AB12'>申报书</a></p><p>附件2：<a href='/down?file=%E8%A1%A8.xlsx'>汇总表.xlsx</a></p>"),
    "short_notice": news("关于放假的通知", "2024-04-30　来源：市政府办", "<p>五一放假五天。</p>"),
    "photo_credits": news("公园里的春天", INFO, PHOTO.format(1, "市民在望江公园散步（左图） 本报记者江小川摄") + f"<p>{P1}</p>" + PHOTO.format(2, "无人机拍摄的水库。青川日报记者 江小川 摄") + f"<p>{P2}</p>"),
    "tables_of_figures": news("一季度水质公报", INFO, BODY + "<table><tr><td>断面</td><td>水质</td><td>达标</td></tr><tr><td>望江</td><td>Ⅱ类</td><td>是</td></tr><tr><td>滨河</td><td></td><td>否</td></tr></table>"),
    "names_of_peoples": news("草原上的守护者", "2024-03-01 16:39　来源：青川日报　作者：扎西次仁　欧阳明月", BODY + "<p>（责任编辑：古丽娜尔·艾合买提）</p>"),
    "lead_byline": news("内涝点整治提速", INFO, f"<p>本报讯（记者 江小川 通讯员 秦望）{P1}</p><p>{P2}</p><p>{P3}</p><p>责编：陶然　校对：林中</p>"),
    "related_box": news("内涝点整治提速", INFO, BODY, after=RELATED + "<div class='bq'><div>版权与免责声明</div><p>凡本站注明来源的作品，版权属于本站所有，转载使用时必须注明来源。</p></div>"),
    "tabs_above": news("关于做好供热工作的通知", INFO, "<div class='tabs'><ul><li><a href='javascript:;'>全真版</a></li><li><a href='javascript:;'>文字版</a></li></ul><a class='download'>文件下载</a></div>" + BODY),
    "wall_words": news("青川市开展食品安全检测", INFO, "<p>3月1日，市场监管局组织三个检查组，对商场、学校开展食品安全检测，并提醒市民警惕“请输入验证码”类诈骗。</p>"),
    "dates_beside": page("内涝点整治提速", "<div class='list-titles'><ul>" + "".join(f"<li><a href='/{n}.html'>第{n}条热点资讯的标题在这里</a><div>2024-01-25</div></li>" for n in range(5)) + f"</ul></div><div class='tt'>内涝点整治提速</div><div class='info'>{INFO}</div><div class='bt_content'>{BODY}</div>"),
    "kicker_and_subtitle": page("内涝点整治提速", f"<p class='yinti'>汛期将至准备先行</p><h1>内涝点<br>整治提速</h1><h2 class='subtitle'>三年投入二十亿元</h2><div class='info'>{INFO}</div><div class='content'>{BODY}</div>"),
    "scan_to_pay": news("供热缴费须知", INFO, BODY + "<p>微信扫一扫下方二维码，即可查看附近的缴费网点。</p>", after="<div><span>扫码关注微信公众号 <img src='/images/qrcode/1.png'></span></div>"),
    "short_date_listed": news("内涝点整治提速", "05-03 09:30　来源：青川日报"),
}  # fmt: skip
LISTED = {"short_date_listed": "2021-05-03"}


def main() -> None:
    for number, (name, html) in enumerate(TEMPLATES.items(), 1):
        path = PAGES / f"{name}.html"
        if path.exists():
            continue
        path.write_text(html + "\n", "utf-8")
        request = {"url": URL.format(number), "http_charset": None, "listed_on": LISTED.get(name)}
        path.with_suffix(".request.json").write_text(json.dumps(request) + "\n", "utf-8")
        text = json.dumps(as_json(read(path)), ensure_ascii=False, indent=1) + "\n"
        path.with_suffix(".json").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
