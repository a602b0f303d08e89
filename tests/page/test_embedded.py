"""Articles that stand only in scripts, in the forms that pages keep them in."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from scraper.page import parse_page
from scraper.record.release import Release
from tests.page.article import NOW, TEXT, paragraphs

TITLE = "内涝点整治提速"
URL = "http://a.cn/1.html"


def shell(script: str, shown: str = "") -> Release:
    page = f"<html><head><title>{TITLE}_青川网</title></head><body>{shown}<div id='root'></div>{script}</body></html>"
    return parse_page(page.encode(), URL, received_at=NOW)


def test_pieces_in_a_list_below_the_headline() -> None:
    pieces = [
        {"type": "text", "data": paragraphs(*TEXT)},
        {"type": "img", "url": "http://a.cn/1.jpg"},
    ]
    state = {"doc": {"title": TITLE, "newsTime": "2020-11-02 09:20:33", "source": "青川日报", "editorName": "许洁", "contentData": {"contentList": pieces}}}  # fmt: skip
    release = shell(f"<script>var allData = {json.dumps(state)};var keys=[];</script>")
    assert release.paragraphs == TEXT
    assert (release.title, release.source, release.editor) == (TITLE, "青川日报", "许洁")
    assert [image.url for image in release.images] == ["http://a.cn/1.jpg"]
    assert str(release.published_at) == "2020-11-02 09:20:33+08:00"


def test_percent_encoded_json() -> None:
    state = {"data": {"title": TITLE, "content": paragraphs(*TEXT), "source": "青川发布"}}
    script = f'<script id="RENDER_DATA" type="application/json">{quote(json.dumps(state))}</script>'
    assert shell(script).paragraphs == TEXT


@pytest.mark.parametrize("quoted", [True, False])
def test_an_object_literal_with_escaped_markup(quoted: bool) -> None:
    content = paragraphs(*TEXT).replace("<", "\\u003C").replace(">", "\\x3E")
    title = f"&quot;{TITLE}&quot;" if quoted else TITLE
    script = f"<script>var BASE_DATA = {{ articleInfo: {{ title: '{title}'.slice(6, -6), content: '&quot;{content}&quot;'.slice(6, -6), source: '青川发布' }} }};</script>"
    release = shell(script)
    assert release.paragraphs == TEXT
    assert (release.title, release.source) == (TITLE, "青川发布")


def test_json_in_a_string_replaces_the_first_slide_of_a_gallery() -> None:
    gallery = {"sub_images": [{"url": "http://a.cn/1.jpg"}], "sub_abstracts": list(TEXT)}
    inner = json.dumps(json.dumps(gallery))
    script = f"<script>DATA.info = {{ title: '{TITLE}', gallery: JSON.parse({inner}) }};</script>"
    shown = f"<div><h1>{TITLE}</h1><span class='source'>青川发布</span><p>1/3 {TEXT[0]}</p></div>"
    release = shell(script, shown)
    assert release.paragraphs == TEXT
    assert release.source == "青川发布"
    assert [image.url for image in release.images] == ["http://a.cn/1.jpg"]


def test_other_articles_in_scripts_do_not_replace_a_short_one() -> None:
    others = {"list": [{"title": "另一篇报道的标题", "content": "".join(TEXT) * 3}]}
    release = shell(f"<script>var hot = {json.dumps(others)}</script>", f"<h1>{TITLE}</h1>{paragraphs(*TEXT[:2])}")  # fmt: skip
    assert release.paragraphs == TEXT[:2]
