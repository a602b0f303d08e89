"""What a message says, on a telephone and to a program."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest

from scheduler.watches.wording import MOST_SHOWN, NAMES, Item, Outgoing, json_of, text_of, title_of
from scraper.archive.watching.events import WatchEvent
from scraper.clock import SHANGHAI

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=SHANGHAI)


def item(number: int = 1, **given: Any) -> Item:
    plain = {
        "match_id": number, "event": "new", "release_id": number, "publication_id": 1, "revision_id": 1,
        "happened_at": NOON, "title": f"第{number}次供热会议", "body": None, "url": f"http://a.example/{number}",
        "source_id": "a.gov", "source_name": "要闻", "publisher": "某县政府", "dated_at": NOON,
        "places": ["天津市"], "snippet": "…⟦供热⟧…", "carried": 1, "previous_title": None, "previous_body": None,
    }  # fmt: skip
    return Item(**{**plain, **given})


def message(*items: Item, digest: bool = False) -> Outgoing:
    counted = Counter(each.event for each in items)
    return Outgoing(1, 7, "5e0c1f77-0000", "供热 -疫情", NOON, digest, items, counted)


def test_a_person_is_told_twenty_and_a_program_all() -> None:
    many = message(*(item(number) for number in range(MOST_SHOWN + 5)))
    assert text_of(many, None).count("【新发布】") == MOST_SHOWN
    assert "另有 5 条未列出" in text_of(many, None)
    assert len(json_of(many, None)["items"]) == MOST_SHOWN + 5
    assert title_of(many) == "供热 -疫情：新发布 25"


def test_an_edit_is_told_by_what_changed() -> None:
    edit = item(
        event="edit", title="甲乙", previous_title="甲", body="开头。\n投资255亿元。\n结尾。",
        previous_body="开头。\n投资248亿元。\n结尾。",
    )  # fmt: skip
    told = text_of(message(edit), None)
    assert "标题〔删 甲〕〔增 甲乙〕" in told
    assert "投资〔删 248〕〔增 255〕亿元。" in told
    assert "开头" not in told
    [given] = json_of(message(edit), None)["items"]
    assert given["changed"] == ["标题〔删 甲〕〔增 甲乙〕", "投资〔删 248〕〔增 255〕亿元。"]


def test_what_is_not_known_is_not_said() -> None:
    bare = item(
        title=None,
        url=None,
        dated_at=None,
        places=[],
        publisher=None,
        source_name=None,
        snippet=None,
    )
    assert text_of(message(bare), None).split("\n\n")[0] == "【新发布】1\n无日期"
    assert json_of(message(bare), None)["items"][0]["permalink"] is None


def test_a_digest_says_so() -> None:
    assert title_of(message(item(), digest=True)).startswith("汇总 · ")


@pytest.mark.parametrize("event", WatchEvent)
def test_every_event_has_a_name(event: WatchEvent) -> None:
    assert f"【{NAMES[event]}】" in text_of(message(item(event=event)), "https://r.example/")
