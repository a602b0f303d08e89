"""All that a line says of who made a release: writers, photographers, editors, names without a role, and what else."""

from __future__ import annotations

import pytest

from scraper.text.credits import bare_names, read_credits, writes
from scraper.text.plain import plain

LINES = {
    # line: writers | photographers | editors | names without a role | roles, whole, units, asides
    "记者娜仁花 通讯员张三": "娜仁花 张三||||rw",
    "记者乜小强": "乜小强||||rw",
    "记者马俊峰李小明王": "||||r",
    "张三和李四/文": "张三 李四||||rw",
    "记者 张三与李四": "张三 李四||||rw",
    "编辑 张三和李四": "||张三 李四||rw",
    "图文：张三": "张三||||rw",
    "摄影记者 张三": "|张三|||rw",
    "图/张三 李四": "|张三 李四|||rw",
    "记者 张三 摄": "|张三|||rw",
    "记者 张三/摄": "|张三|||rw",
    "记者 张三 通讯员 李四 摄": "|张三 李四|||rw",
    "记者 张三 通讯员 李四/摄": "张三|李四|||rw",
    "文 张三 图 李四 摄": "张三|李四|||rw",
    "记者 张三 摄 李四": "张三|李四|||rw",
    "记者 李强 通讯员 王芳 摄影报道": "李强 王芳||||rw",
    "记者 张三 李四 图片由受访者提供": "张三 李四||||rwa",
    "本报记者 张三 文/图": "张三|张三|||rw",
    "张三/文/图": "张三|张三|||rw",
    "文 张三 图 李四 编辑 王五": "张三|李四|王五||rw",
    "编辑：张三 摄影：李四": "|李四|张三||rw",
    "记者 张三 编辑 李四 王五 校对 赵六": "张三||李四 王五||rw",
    "责编 张三 李四 编审 王五": "||张三 李四||rw",
    "张三 编辑": "||张三||rw",
    "编辑 | 张三": "||张三||rw",
    "PN269 编辑 张三": "||张三||rwa",
    "来源：新华社 作者：张三 编辑：李四": "张三||李四||rwu",
    "通讯员 市水务局 张三": "张三||||rwu",
    "记者 张三 通讯员 市水务局": "张三||||rwu",
    "记者 张三 北京报道": "张三||||rwu",
    "记者 市长李强": "李强||||rw",
    "作者 张三（清华大学教授）": "张三||||rw",
    "张三（记者）": "张三||||rw",
    "张三(本报记者) 报道": "张三||||rw",
    "供稿：市水务局": "||||rwu",
    "校对": "||||rw",
    "青川 摄影": "|青川|||r",  # only its place makes it a name
    "记者张": "||||",
    "李强摄": "|李强|||rw",
    "记者 张三 获悉相关情况": "张三||||r",
    "记者 获悉相关情况 张三": "张三||||r",
    "记者 张三 青川日报 编辑 李四": "张三||李四||rwu",
    "摄影：张三 文：李四": "李四|张三|||rw",
    "张三/文 李四/图": "张三|李四|||rw",
    "记者 张三(通讯员 李四)": "张三 李四||||rw",
    "县委书记李强": "|||李强|w",
    "张三 李四": "|||张三 李四|w",
    "青川日报 张三": "|||张三|wu",
    "": "||||w",
}


@pytest.mark.parametrize("line", LINES)
def test_all_that_a_line_says(line: str) -> None:
    found = read_credits(plain(line))
    assert {type(getattr(found, n)) for n in ("roles", "whole", "units", "asides")} == {bool}
    lists = (found.writers, found.photographers, found.editors, found.bare)
    flags = "".join(
        n[0] for n in ("roles", "whole", "units", "asides") if getattr(found, n) is True
    )
    assert "|".join((*map(" ".join, lists), flags)) == LINES[line]


@pytest.mark.parametrize(
    "line", [line for line, said in LINES.items() if said[0] != "|" and said[-2:] != "wu"]
)
def test_a_line_with_a_writer_holds_what_names_one(line: str) -> None:
    assert writes(plain(line))


@pytest.mark.parametrize("line", ["编辑 张三", "张三 李四", "全市供热平稳有序", ""])
def test_other_lines_need_not_be_read(line: str) -> None:
    assert not writes(line)


def test_a_sign_alone_names_a_writer_too() -> None:
    assert writes("文 张三")
    assert writes("记者手记")


def test_a_role_may_come_from_the_label_before() -> None:
    assert read_credits("张三 李四", "writer").writers == ("张三", "李四")
    assert read_credits("张三 编辑 李四", "writer").writers == ("张三",)
    assert read_credits("张三 编辑 李四", "writer").editors == ("李四",)
    assert read_credits("青川", "photographer").photographers == ("青川",)


@pytest.mark.parametrize(
    "text", ["编辑 张三", "青川日报 张三", "张三 来源", "张三 李四 王强 赵明 孙立 周军"]
)
def test_bare_names_stand_alone_and_are_five_at_most(text: str) -> None:
    assert bare_names(text) == ()
    assert bare_names("张三 李四 王强 赵明 孙立") == ("张三", "李四", "王强", "赵明", "孙立")
