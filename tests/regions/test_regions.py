"""Places by name, resolved by what else is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.regions import regions_of
from scraper.regions.gazetteer import places, short_name


@pytest.mark.parametrize(
    ("title", "paragraphs", "default", "codes"),
    [
        ("天津市西青区举行发布会", [], None, ("120000", "120111")),
        ("西青区举行发布会", [], None, ("120000", "120111")),
        ("朝阳区开展检查", [], None, ()),  # Beijing's or Changchun's: left out
        ("朝阳区开展检查", ["北京市朝阳区今天……"], None, ("110000", "110105")),
        ("朝阳区开展检查", ["长春市朝阳区今天……"], None, ("220000", "220100", "220104")),
        ("朝阳区开展检查", [], "110000", ("110000", "110105")),
        ("鼓楼区举行书展", ["江苏南京的鼓楼区"], None, ("320000", "320100", "320106")),
        ("发布会今天举行", ["没有地名。"], "120000", ("120000",)),
        ("发布会今天举行", ["没有地名。"], None, ()),
        ("内蒙古自治区发布", [], None, ("150000",)),
        ("北京大学举行校庆", [], None, ()),
        ("南京路步行街改造", [], None, ()),
        ("重庆的夜晚", [], None, ("500000",)),
        ("运河南岸夜色美", [], None, ()),
        ("代表们隆重庆祝节日", ["大运河北段通航。", "沿河南下，为民造福建设家园。"], None, ()),
        ("上海南京西路改造", [], None, ("310000",)),
        ("推广东西部协作经验", ["优化广东营商环境"], None, ()),
        ("游客在河南看戏", [], None, ("410000",)),
        ("陕西河南两省签约", [], None, ("410000", "610000")),
        ("各市和县区抓落实", ["贡献县域力量", "城区道路改造"], None, ()),
        ("晋城市城区创建文明城市", [], None, ("140000", "140500", "140502")),
        ("沙县小吃走向世界", [], None, ()),
        ("沧州献县抢收", [], None, ("130000", "130900", "130929")),
        ("河北区域协同", [], None, ("130000",)),
    ],
)
def test_context_resolves_names(
    title: str, paragraphs: list[str], default: str | None, codes: tuple[str, ...]
) -> None:
    assert regions_of(title, paragraphs, default=default) == codes


def test_a_place_thanked_in_passing_is_not_what_a_release_is_about() -> None:
    texts = ["西青区召开会议。", "会议通报了情况。", "企业反响热烈。", "还与北京市海淀区签订协议。"]
    assert regions_of("西青区召开会议", texts) == ("120000", "120111")


def test_the_list_of_places_is_whole() -> None:
    known = places()
    codes = {place.code for found in known.values() for place in found}
    assert len([code for code in codes if code.endswith("0000")]) == 34
    assert len(codes) > 3000
    repeated = {n for n, found in known.items() if len(found) > 1 and n.endswith(("县", "区"))}
    assert {"朝阳区", "鼓楼区", "和平区"} <= repeated


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("天津市", "天津"),
        ("内蒙古自治区", "内蒙古"),
        ("延边朝鲜族自治州", "延边"),
        ("新疆维吾尔自治区", "新疆"),
    ],
)
def test_short_names(name: str, short: str) -> None:
    assert short_name(name) == short


@given(
    st.text(alphabet="省市县区旗盟州北京天津西青朝阳南山", max_size=80),
    st.sampled_from([None, "110000"]),
)
def test_any_text_gives_codes_with_their_provinces(text: str, default: str | None) -> None:
    codes = regions_of(text, [text], default=default)
    assert all(len(code) == 6 and f"{code[:2]}0000" in codes for code in codes)
