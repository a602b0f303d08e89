"""Normal text, fingerprints, comparison and records: the parts without a database."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.archive_dedup import merged_pairs, recall_by_kind, truth_set
from benchmarks.archive_texts import BEYOND_THE_BAR, SERIES
from scraper.archive import Observation
from scraper.archive.duplicates.fingerprint import BANDS, fingerprint
from scraper.archive.duplicates.likeness import Text, compare
from scraper.archive.duplicates.normal_text import normalise, sentences
from scraper.archive.observations.preparation import prepare
from scraper.archive.snapshots.compression import compress, decompress
from scraper.archive.writing.store import distinct_groups
from scraper.clock import SHANGHAI
from scraper.record.release import Attachment, Document, Image, Release
from scraper.record.serial import body_of, paragraphs_of, record_digest

from .conftest import MORNING, STORY

DAY = dt.date(2024, 11, 16)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("新聞發佈會", "新闻发布会"),
        ("ＧＤＰ增长４．３％", "GDP增长4.3%"),
        ("“牢记嘱托 善作善成”", "牢记嘱托善作善成"),
        ("1,234万元", "1234万元"),
        ("气温−3℃", "气温-3℃"),
        ("11月15日—16日", "11月15日-16日"),
    ],
)
def test_the_same_said_otherwise_is_the_same(one, other):
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"), [("增长3.5%", "增长35%"), ("气温-3℃", "气温3℃"), ("甲", "乙")]
)
def test_another_figure_stays_another(one, other):
    assert normalise(one) != normalise(other)


@given(st.text())
def test_normal_form_is_stable(text):
    once = normalise(text)
    assert normalise(once) == once or any(c in once for c in ".-")
    assert "".join(sentences((text,))) == once


def test_the_fingerprint_is_the_one_that_is_stored():
    """Pinned: a change here makes every stored key useless and needs a new FINGERPRINT_VERSION."""
    made = fingerprint("标题", STORY, "https://x.example/1", DAY)
    assert made.digest.hex() == PINNED_DIGEST
    assert made.keys[:2] == PINNED_KEYS
    assert len(made.keys) == BANDS + len([part for part in sentences(STORY) if len(part) >= 10])


PINNED_DIGEST = "3af05cb9ac5c300acb90de7a47ea17e0"
PINNED_KEYS = (2135139933652209227, 3205749956489924171)


def test_keys_carry_their_day():
    today, later = (
        fingerprint("", STORY, "", day).keys for day in (DAY, DAY + dt.timedelta(days=3))
    )
    assert {key >> 16 for key in today} == {key >> 16 for key in later}
    assert {b - a for a, b in zip(today, later, strict=True)} == {3}


def test_short_texts_need_their_headline_and_shorter_ones_their_address():
    def digest(title, text, url):
        return fingerprint(title, (text,), url, DAY).digest

    line = "图为活动现场，市民踊跃参加，气氛热烈而有序。"
    assert digest("甲活动举行", line, "a") == digest("甲活动举行", line, "b")
    assert digest("甲活动举行", line, "a") != digest("乙活动举行", line, "a")
    assert digest("公告", "详见附件", "a") != digest("公告", "详见附件", "b")
    assert digest("甲", "".join(STORY), "a") == digest("乙", "".join(STORY), "b")


def _compare(
    new: str,
    *,
    title: str = "标题",
    days: int = 0,
    old: str = "".join(STORY),
    old_title: str = "标题",
):
    first = Text(old_title, normalise(old), MORNING)
    return compare(first, Text(title, normalise(new), MORNING + dt.timedelta(days=days)))


TEXT = "".join(STORY)
OTHER = (
    "柳河乡清淤工程全线完工，两岸农田三千余亩受益。村民送来锦旗表示感谢，乡党委要求做好后续管护。"
)


@pytest.mark.parametrize(
    ("new", "verdict"),
    [
        (TEXT, "copy"),
        ("本报讯（记者李明）" + TEXT, "copy"),
        (TEXT[: len(TEXT) * 6 // 10], "copy"),
        (TEXT[: len(TEXT) * 4 // 10], "copy"),
        (TEXT.replace("青川市", "我市"), "copy"),
        (TEXT.replace("举行", "召开"), "copy"),
        (TEXT.replace("4.3", "4.5"), "similar"),
        (TEXT.replace("三个季度", "两个季度"), "similar"),
        (TEXT.replace("青川", "东山"), "similar"),
        (OTHER * 4 + TEXT[20:] + OTHER * 4, "contains"),
        (OTHER * 3, "different"),
        ("", "different"),
    ],
)
def test_verdicts(new, verdict):
    assert _compare(new).verdict == verdict


def test_the_same_words_another_year_are_another_edition():
    reworded = TEXT.replace("举行", "召开")
    assert _compare(reworded, days=3).verdict == "copy"
    assert _compare(reworded, days=365).why == "changed in place, far apart in time"
    assert _compare(TEXT + "完", days=365).verdict == "copy"


def test_numbered_headlines_are_a_series():
    found = _compare(TEXT + "请知悉。", title="第4号通告", old_title="第3号通告")
    assert (found.verdict, found.why) == ("similar", "the headlines number them differently")


def test_two_exchanged_names_in_a_long_notice():
    notice = "市人民政府决定任命王建国同志为市水利局局长，任命李卫东同志为市审计局局长。" + TEXT * 4
    other = notice.replace("王建国", "张志强").replace("李卫东", "刘海涛")
    assert _compare(other, old=notice).why == "persons or places were exchanged"


@given(st.text(max_size=300), st.text(max_size=300))
def test_comparison_never_fails_and_shares_are_shares(one, other):
    found = compare(Text("", normalise(one), MORNING), Text("", normalise(other), MORNING))
    assert 0 <= found.cover <= found.cover_shorter <= 1


def test_the_truth_set_of_a_small_newsroom():
    """All pairs compared without the index: what the rules decide, not what the keys find."""
    texts = truth_set(11, 12, 25)
    bodies = [Text(s.title, "".join(sentences(s.paragraphs)), s.published_at) for s in texts]
    release_of = list(range(len(texts)))
    for place, body in enumerate(bodies):
        for before in range(place):
            if texts[before].kind in SERIES and texts[before].kind != texts[place].kind:
                continue
            if release_of[before] == before and compare(bodies[before], body).verdict == "copy":
                release_of[place] = before
                break
    placed = list(zip(texts, release_of, strict=True))
    assert [(a.label, b.label) for a, b in merged_pairs(placed) if a.label != b.label] == []
    recalled = [pair for kind, pair in recall_by_kind(placed).items() if kind not in BEYOND_THE_BAR]
    assert sum(found for found, _ in recalled) >= 0.95 * sum(total for _, total in recalled)


FULL = Release(
    title="标题",
    paragraphs=("第一段", "有\n两行", "表\t格"),
    url="https://x.example/1",
    subtitle="副题",
    published_at=MORNING,
    published_precision="minute",
    images=(Image("https://x.example/1.jpg", "说明"),),
    attachments=(Attachment("https://x.example/1.pdf"),),
    region=("120000",),
    document=Document(number="1号", written_on=DAY),
    origins={"title": "h1"},
    parser_version="7",
)


def test_records_come_back_whole():
    assert Release.from_dict(FULL.to_dict()) == FULL
    assert paragraphs_of(body_of(FULL)) == FULL.paragraphs


@given(
    st.lists(
        st.text(
            st.characters(exclude_characters="\u2028\x00", exclude_categories=["Cs"]), min_size=1
        )
    )
)
def test_paragraphs_come_back(parts):
    assert paragraphs_of(body_of(replace(FULL, paragraphs=tuple(parts)))) == tuple(parts)


def test_the_record_is_what_the_page_states_not_how_it_was_read():
    assert record_digest(replace(FULL, origins={}, parser_version="8")) == record_digest(FULL)
    assert record_digest(replace(FULL, editor="尹媛")) != record_digest(FULL)


def test_a_named_source_is_its_own_story():
    def own(source, site=None):
        release = replace(FULL, source=source, site_name=site)
        names = {"s": ("青川市人民政府", "今日青川")}
        return prepare(Observation("s", "u", release, MORNING), names).own_story

    assert own(None)
    assert own("青川市人民政府网")
    assert own("青川融媒", "青川融媒")
    assert not own("新华社")


def test_a_day_counts_as_its_end():
    day = replace(
        FULL, published_at=dt.datetime(2024, 11, 16, tzinfo=SHANGHAI), published_precision="day"
    )
    item = prepare(Observation("s", "u", day, MORNING), {})
    assert item.dating.ranked_at > MORNING
    assert item.dating.ranked_at.date() == DAY


@given(st.binary(max_size=4000), st.binary(min_size=1, max_size=4000))
def test_compressed_bytes_come_back(data, page):
    assert decompress(compress(data), len(data)) == data
    assert decompress(compress(data, page), len(data), page) == data


def test_groups_hold_each_address_once():
    pages = [Observation("s", url, FULL, MORNING) for url in "abacb"]
    assert [[o.url for o in group] for group in distinct_groups(pages, 10)] == [
        ["a", "b"],
        ["a", "c", "b"],
    ]
    assert [len(group) for group in distinct_groups(pages, 1)] == [1] * 5


def test_a_frame_under_another_headline_is_no_copy():
    """Two texts of one office that share 63 % of the longer one, under headlines wholly unlike."""
    frame = (
        "参与者可凭本人有效证件到各服务点领取资料，服务时间为每日上午至下午，节假日照常开放，请自觉遵守场内秩序。"
        * 2
    )
    one = "市博物馆新近入藏一批明清契约文书，经整理编目后首次与观众见面，展期到年底。" * 2
    other = "东山林场的护林员在巡山途中救起一只受伤的苍鹭，治疗半个月后今天放归湿地。" * 2
    titles = {"title": "护林员救起苍鹭", "old_title": "契约文书首次展出"}
    found = _compare(frame + other, old=frame + one, **titles)  # type: ignore[arg-type]
    assert 0.5 < found.cover < 0.7
    assert (found.verdict, found.why[:12]) == ("similar", "the headline")
    assert _compare(frame + one, old=frame + one, **titles).verdict == "copy"  # type: ignore[arg-type]
    assert _compare(frame + one[:38], old=frame + one, **titles).verdict == "copy"  # type: ignore[arg-type]
