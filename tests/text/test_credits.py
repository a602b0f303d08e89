"""Lines that say who made a release: roles, names before and behind them, all of the names or none."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.text.credits import bare_names, read_credits
from scraper.text.plain import plain

WRITERS = {
    "本报记者　韩　冰　实习生　丁小川": "韩冰 丁小川",
    "澎湃新闻记者 赵实": "赵实",
    "■ 本报记者 霍青 文/图": "霍青",
    "（总台记者 范进 实习记者 单小雨）": "范进 单小雨",
    "（文/图　刘䶮　孙晓）": "刘䶮 孙晓",
    "文 | 邓茜茜": "邓茜茜",
    "（供稿：县人民医院 史进）": "史进",
    "（市水务局供稿）": "",
    "整合 新华日报·交汇点记者 徐睿翔": "徐睿翔",
    "新华网青川频道 记者 张琳 李清芬": "张琳 李清芬",
    "青川商报记者马俊峰/文受访者供图": "马俊峰",
    "青川商报记者马俊峰/文 受访者/图": "马俊峰",
    "（编译/林靖东）": "林靖东",
    "执笔人：李明 王芳": "李明 王芳",
    "作者︱春明": "春明",
    "文、图/孙立": "孙立",
    "采写/摄影：张三": "张三",
    "本报记者 张三/文 李四/图": "张三",
    "文/张三 图/李四": "张三",
    "文/张三/图/李四": "张三",
    "张三 文 李四 图": "张三",
    "文/记者 张三 图/记者 李四": "张三",
    "记者 张三 摄影 李四": "张三",
    "记者 张三 李四 摄影报道": "张三 李四",
    "记者张三通讯员李四": "张三 李四",
    "记者 张三 李四 通讯员 王五": "张三 李四 王五",
    "首席记者 张三 实习记者 李四 文 记者 王五 摄": "张三 李四",
    "张三/摄": "",
    "本报记者张三摄": "",
    "本报记者 张三 通讯员 李四 摄": "",
    "来源：云溪日报 记者 霍青": "霍青",
    "环球网报道 记者 张三": "张三",
    "文/羊城晚报全媒体记者 张三 通讯员 李四": "张三 李四",
    "新华社记者张三、李四": "张三 李四",
    "中国青年报·中青在线记者 张三": "张三",
    "作者：张三 单位：市水务局": "张三",
    "全媒体记者 阿依古丽•买买提 通讯员 王芳": "阿依古丽•买买提 王芳",
    "记者 常书香 马丹阳": "常书香 马丹阳",
    "记者 扎西顿珠 张江": "扎西顿珠 张江",
    "记者 欧阳晓 那日松": "欧阳晓 那日松",
    "记者 木易 张江": "木易 张江",
    "记者马俊峰李小明": "马俊峰 李小明",
    "记者 张三 发自北京": "张三",
    "记者 张三 李": "",  # the second name was cut
    "作者：中国国际经济交流中心“一带一路”研究部部长、研究员徐占忱": "徐占忱",
    "作者：公共网络发起人、毕业于重庆大学、代表作《智能社会》高金波，": "高金波",
    "作者：admin": "",
    "作者：系统管理员": "",
    "作者：市水务局": "",
    "作者： 编辑：张三": "",
    "记者手记": "",
    "作者 | 张三 来源 | 青川日报": "张三",
    "作者：[美] 约翰·史密斯 译者：李四": "约翰·史密斯",
    "作者：张三（青川）": "张三",
    "记者 张三（实习） 李四（市委宣传部）": "张三 李四",
    "编辑 制作": "",
    "文艺部编辑 张三": "",
    "文明办编辑 张三": "",
    "文体部责编 张三": "",
    "编辑中心记者 张三": "张三",
    "编辑中心 记者 张三": "张三",
    "编辑一部记者 张三": "张三",
    "摄影部记者 张三": "张三",
    "摄影家协会通讯员 张三": "张三",
    "摄影学会供稿 张三": "张三",
    "报道中心编辑 张三": "",
    "作者协会编辑 张三": "",
    "文艺记者 张三": "张三",
    "文马俊峰编辑李明": "马俊峰",
    "文张三编辑李四": "张三",
}
DEPARTMENTS = (
    "文艺部", "文化部", "文字部", "文体部", "文旅部", "文史社", "文明办", "图片部", "图文部", "图文中心", "图书馆",
    "摄影部", "摄像部", "摄制组", "摄影中心", "摄影记者部", "摄影协会", "摄影家协会", "摄影学会", "记者部", "记者站",
    "编辑部", "编辑中心", "编辑一部", "编辑二室", "编辑出版部", "报道中心", "报道组", "校对科", "审核科", "作者协会",
    "采访中心", "视频部", "新媒体部", "青川日报文艺部", "青川日报摄影部",
)  # fmt: skip
"""Whose name before a role says nothing of what the named did."""
DESKS = (
    "时政",
    "文艺",
    "文旅",
    "农业",
    "卫生",
    "公安",
    "高校",
    "房产",
    "海外",
    "华东",
    "党建",
    "应急",
)
"""Which read like people's names."""
EDITORS = {
    "编辑 孙桂芳": "孙桂芳",
    "（青川新闻网编辑 孙桂芳）": "孙桂芳",
    "青川新闻网编辑：孙桂芳": "孙桂芳",
    "（青川融媒编辑：孙桂芳）": "孙桂芳",
    "责任编辑：张三 校对：李四 审核：王五": "张三",
    "编辑丨张三　审核丨李四": "张三",
    "见习编辑：阿不都热依木江": "阿不都热依木江",
    "记者：张三 编辑：李四": "李四",
    "编辑 张树婧 校对 李项玲": "张树婧",
    "一审：张三 二审：李四 三审：王五": "",
    "编辑部地址": "",
    "编辑 制作": "",
}


@pytest.mark.parametrize("line", WRITERS)
def test_writers(line: str) -> None:
    assert " ".join(read_credits(plain(line)).writers) == WRITERS[line]


@pytest.mark.parametrize("line", EDITORS)
def test_editors(line: str) -> None:
    assert " ".join(read_credits(plain(line)).editors) == EDITORS[line]


@pytest.mark.parametrize("between", ["", " "])
@pytest.mark.parametrize("department", DEPARTMENTS)
def test_a_department_before_a_role_does_not_change_it(department: str, between: str) -> None:
    for role, field in (("编辑", "editors"), ("责任编辑", "editors"), ("记者", "writers")):
        found = read_credits(f"{department}{between}{role} 张丽")
        named = {"writers": found.writers, "editors": found.editors, "shot": found.photographers}
        assert {role: names for role, names in named.items() if names} == {field: ("张丽",)}
        assert (found.bare, found.whole) == ((), True)


@pytest.mark.parametrize("desk", DESKS)
def test_a_desk_that_touches_a_role_is_nobody(desk: str) -> None:
    assert read_credits(f"{desk}记者 张丽").bare == ()
    assert read_credits(f"{desk}编辑 张丽").bare == ()
    assert read_credits(f"记者 {desk[0]}丽").writers == (f"{desk[0]}丽",)


@pytest.mark.parametrize("role", ["摄影", "摄影记者", "图", "供图", "摄"])
def test_a_role_of_pictures_stays_one(role: str) -> None:
    assert read_credits(f"{role} 张丽").photographers == ("张丽",)
    assert read_credits(f"摄影部 {role} 张丽").photographers == ("张丽",)


def test_names_without_a_role_must_surely_be_names() -> None:
    assert bare_names("张书香 马丹阳 ") == ("张书香", "马丹阳")
    assert bare_names("扎西次仁 李强") == ("扎西次仁", "李强")
    for text in (
        "白云时事讯",
        "青山绿水",
        "此件公开发布",
        "原标题",
        "待续",
        "张三 获悉",
        "时间 地点",
        "",
    ):
        assert bare_names(text) == ()


def test_a_line_that_says_something_else_is_not_understood() -> None:
    for line in ("记者 王五从会上获悉", "本文作者为某大学的一位教授", "小记者在行动"):
        assert not read_credits(line).whole


NAMES = (
    "张三",
    "常书香",
    "欧阳晓",
    "扎西顿珠",
    "阿依古丽·买买提",
    "那日松",
    "努尔兰",
    "吉克隽逸",
    "赖明",
    "宇文静",
)
some = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True)


@given(
    some,
    st.sampled_from(("记者 ", "本报记者：", "通讯员 ", "文/", "作者：", "撰稿 ", "青川日报记者 ")),
    st.sampled_from((" ", "、", "，", "　", " 通讯员 ")),
)
def test_all_names_are_given(names: list[str], role: str, between: str) -> None:
    found = read_credits(plain(role + between.join(names)))
    assert found.writers == tuple(names)
    assert found.whole


@given(some, st.sampled_from("李王欧扎阿"))
def test_half_of_a_pair_is_never_given(names: list[str], cut: str) -> None:
    assert read_credits(f"记者 {' '.join(names)} {cut}").writers == ()


WORDS = st.sampled_from(
    [
        "记者",
        "通讯员",
        "文",
        "图",
        "摄",
        "/",
        "|",
        "：",
        "，",
        "（",
        "）",
        "编辑",
        "责编",
        "张三",
        "李四",
        "马俊峰",
        "青川日报",
        "县医院",
        "的",
        "和",
        "《",
        "》",
        "“",
        "”",
        "12",
        "a@b.cn",
        "供图",
        "摄影报道",
        "研究员",
    ]
)


@given(st.lists(WORDS | st.just(" "), max_size=40).map("".join) | st.text(max_size=300))
def test_no_line_makes_the_reader_raise(line: str) -> None:
    for text in (line, plain(line)):
        found = read_credits(text)
        for name in found.writers + found.editors + found.photographers + found.bare:
            assert re.search(r"\s|[/：:]", name) is None


@pytest.mark.parametrize(
    "motif", ["记者 ", "张三 ", "文/", "记者张三", "（", "：", "张　", "和", "《", "“", "A.", "摄"]
)
def test_a_long_line_costs_no_more_than_its_length(motif: str) -> None:
    """A line of credits has an end; what is longer is none."""
    assert read_credits(motif * 100_000).whole is False
    read_credits(motif * (200 // len(motif)))
