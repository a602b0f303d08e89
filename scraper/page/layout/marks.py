"""The marks of each CMS family, as data: ``#id``, ``.class`` or ``tag``, lower case.

A family speaks only about its fields; where its mark is missing or empty the other layers answer.
Evidence for each mark was collected from saved pages of that system, 2016-2025.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Family:
    """One CMS or template family: per field the marks that hold it, best first."""

    name: str
    title: tuple[str, ...] = ()
    subtitle: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    published_at: tuple[str, ...] = ()
    editor: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    body: tuple[str, ...] = ()


FAMILIES: tuple[Family, ...] = (
    Family(
        "cri",
        title=("#atitle",),
        source=("#asource",),
        published_at=("#apublishtime", "#acreatedtime"),
        editor=("#aeditor",),
        body=("#abody",),
    ),
    Family(
        "trs",
        title=("#newsarticletitle",),
        source=("#newsarticlesource",),
        published_at=("#newsarticlepubday", "#newsarticletime"),
        body=(
            ".trs_ueditor",
            ".trs_editor_view",
            ".trs_editor",
            "#trs_editor",
            ".trs_uedit",
            ".trs_paper_default",
        ),
    ),
    Family(
        "ucap",
        title=("ucaptitle",),
        published_at=("publishtime",),
        source=("ucapsource",),
        body=("ucapcontent", "#ucap-content", ".pages_content", "#ucapcontent", ".ucap-content"),
    ),
    Family(
        "hanweb",
        body=("#zoom", ".bt_content", "#zoomcon", ".main-txt", "#con_con", ".ewb-article-info"),
    ),
    Family("easysite", source=("#xxly",), body=("#easysitetext",)),
    Family("trout", title=("#ivs_title",), published_at=("#ivs_date",), body=("#ivs_content",)),
    Family("gkmlpt", body=(".tyxxy_main", ".news_cont_d_wrap")),
    Family(
        "people",
        subtitle=(".sou1",),
        editor=(".edit",),
        body=("#rwb_zw", ".rm_txt_con", ".box_con", "#p_content"),
    ),
    Family(
        "xinhua",
        published_at=(".header-time", ".h-time"),
        body=("#detail", "#detailcontent", "#p-detail"),
    ),
    Family("chinanews", body=(".left_zw", "#chinanews_content")),
    Family("cctv", body=("#content_area", ".cnt_bd", "#text_area")),
    Family("visual-sitebuilder", body=(".v_news_content", "#vsb_content")),
    Family(
        "weixin",
        title=("#activity-name",),
        source=("#js_name",),
        author=("#js_author_name", ".rich_media_meta_text"),
        body=("#js_content",),
    ),
    Family(
        "netease",
        source=("#ne_article_source",),
        body=("#endtext", ".post_body", "#content .post_body"),
    ),
    Family("sina", title=(".main-title",), body=("#artibody", "#article")),
    Family("sohu", body=("#mp-editor",)),
    Family("tencent", body=("#cnt-main-article-qq", ".content-article", "#article-content")),
    Family("ifeng", body=("#main_content",)),
    Family(
        "discuz",
        body=("#article_content",),
    ),
)

COMMENT_MARKS: tuple[tuple[str, str, str], ...] = (
    ("zjeg_rss.content.begin", "zjeg_rss.content.end", "hanweb"),
    ("<$[信息内容]>begin", "<$[信息内容]>end", "epoint"),
    ("contentstart", "contentend", "hanweb"),
    ("enpcontent", "/enpcontent", "founder"),
)
"""Comments (and body ``meta`` elements) between which a system puts the text: begin, end, family.

``<!--enpcontent-->`` is 方正 (Founder) publishing, newspapers' digital editions.
"""

TEXT_COMMENTS = frozenset(mark for begin, end, _ in COMMENT_MARKS for mark in (begin, end))

_FIELDS = ("title", "subtitle", "source", "published_at", "editor", "author", "body")


@cache
def marks_for(field: str) -> tuple[tuple[str, str], ...]:
    """The marks that hold a field, each with its family's name; best first."""
    return tuple((mark, family.name) for family in FAMILIES for mark in getattr(family, field))


KNOWN_MARKS = frozenset(
    mark for family in FAMILIES for name in _FIELDS for mark in getattr(family, name)
)
"""Every mark of every family."""
