"""Addresses for letters and of pages, and accounts, are no names, whoever stands beside them."""

from __future__ import annotations

import pytest

from scraper.page.fields.people import author_of, editor_of, pen_name_of
from scraper.text.credits import read_credits
from scraper.text.plain import plain
from scraper.text.reached import without_reached

BESIDE = [
    "zhang@x.cn",
    "zhangsan@163.com",
    "（zhangsan@163.com）",
    "zhang.san@x.com.cn",
    "zhang-san@mail.gov.cn",
    "zhang＠x．cn",
    "zhang @ x.cn",
    "zhang#x.cn",
    "zhang[at]x.cn",
    "zhang(at)x.cn",
    "zhang AT x.cn",
    "/zhang@x.cn",
    "mailto:zhang@x.cn",
    "邮箱：zhang@x.cn",
    "投稿邮箱 zhang@x.cn",
    "E-mail:zhang@x.cn",
    "Email zhang@x.cn",
    "http://www.x.cn/a.html",
    "https://x.cn/u/zhang?id=1",
    "www.x.cn",
    "www.x.org/zhang",
    "x.gov.cn",
    "qctv.com",
    "weibo.com/zhangsan",
    "t.cn/A6abc",
    "@zhangsan",
    "@zhang.san",
    "@青川发布",
    "微博@张三三",
    "微博：张三三",
    "新浪微博：@李四光",
    "微信：zhangsan88",
    "微信号 zhangsan88",
    "（微信公众号 qingchuan01）",
    "抖音号：qingchuan01",
    "QQ：12345678",
    "QQ zhangsan",
    "QQ群123456",
    "网址：x.cn",
    "IP：10.0.0.1",
    "电话：0571-12345678",
    "邮箱",
    "E-mail",
]


@pytest.mark.parametrize("where", BESIDE)
def test_the_name_beside_it_is_all_that_is_given(where: str) -> None:
    for role, given in (("编辑", "editors"), ("记者", "writers"), ("摄影", "photographers")):
        found = read_credits(plain(f"{role} 张丽 {where}"))
        assert (getattr(found, given), found.whole) == (("张丽",), True)
        assert found.bare == ()
    both = read_credits(plain(f"编辑 张丽 {where} 李芳"))
    assert both.editors == ("张丽", "李芳")


@pytest.mark.parametrize("where", BESIDE)
def test_alone_it_names_nobody(where: str) -> None:
    line = plain(where.strip("/"))
    assert (author_of(line), editor_of(line), pen_name_of(line)) == (None, None, None)
    assert read_credits(f"{line}/文").writers == ()


@pytest.mark.parametrize(
    ("line", "editors"),
    [
        ("编辑 Tony", "Tony"),
        ("编辑 张三 Tony", "张三 Tony"),
        ("编辑 wang_li", "wang_li"),
        ("编辑 zhangsan88", "zhangsan88"),
        ("编辑 John.Smith", "John Smith"),
        ("编辑 Li.Xin", "Li Xin"),
        ("编辑 阿依古丽·买买提", "阿依古丽·买买提"),
        ("网站编辑：张三", "张三"),
        ("微信编辑：张三", "张三"),
        ("公众号编辑：张三", "张三"),
        ("来源：微信 编辑：张三", "张三"),
        ("来源：微信公众号 编辑 张三", "张三"),
    ],
)
def test_names_in_latin_letters_and_roles_beside_such_words_stay(line: str, editors: str) -> None:
    assert " ".join(read_credits(plain(line)).editors) == editors


def test_a_desk_beside_an_address_is_still_the_editor() -> None:
    assert editor_of("秭归融媒体中心 zg@163.com") == "秭归融媒体中心"
    assert editor_of("admin") == "admin"
    assert author_of("John Smith john@x.cn") == "John Smith"


@pytest.mark.parametrize(
    "motif", ["a.", "a@", "@", "www.", "微信", "微信：", "a://", "cn.com/", "号 a"]
)
def test_a_long_line_costs_no_more_than_its_length(motif: str) -> None:
    without_reached(motif * 100_000)
