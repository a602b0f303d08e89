"""``tonggao watch``: made, shown without secrets, explained word by word, paused, removed."""

from __future__ import annotations

import json

import psycopg
import pytest

from tests.cli.conftest import unexplained

LINES = [
    {
        "url": f"https://qingchuan.example/{number}",
        "title": f"青川市第{number}次{word}会议",
        "published_at": "2026-11-20T09:00:00",
        "region": ["120000"],
        "paragraphs": [
            chr(0x4E00 + number * 37 + place) * 9 + f"{word}工作部署。" for place in range(8)
        ],
    }
    for number, word in enumerate(("供热", "防汛"))
]


@pytest.fixture
def filled(tonggao, tmp_path):
    file = tmp_path / "in.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in LINES), "utf-8")
    assert tonggao("init").returncode == 0
    assert tonggao("import", str(file)).returncode == 0
    return tonggao


def test_a_watch_without_a_target_says_that_nothing_is_sent(filled):
    added = filled("watch", "add", "防汛")
    assert "nothing is sent" in added.stderr
    assert "sends" not in added.stderr


def test_a_watch_is_made_shown_explained_and_removed(filled, database_url):
    hook = "https://user:pass@hook.example/T0/very-secret"
    added = filled(
        "watch", "add", "供熱\n -疫情", "--region", "12", "--on", "new,edit,carried:5", "--to", hook
    )
    assert added.returncode == 0, added.stderr
    assert "watch 1: 供熱 -疫情 · region 120000 · new,edit,carried:5" in added.stdout
    assert added.stdout.count("whsec_") == 1
    assert "sends them" in added.stderr
    for shown in (("list",), ("list", "--json"), ("show", "1"), ("show", "1", "--json")):
        said = filled("watch", *shown)
        assert "https://hook.example/…" in said.stdout
        assert not any(secret in said.stdout for secret in ("very-secret", "pass", "whsec_"))
    told = filled("watch", "test", "1", "https://qingchuan.example/0")
    assert "✓ 供热  供热: title" in told.stdout
    assert "✓ -疫情" in told.stdout
    assert "matches watch 1" in told.stdout
    assert "it has no date" not in told.stdout
    assert "nothing was noted of it" in told.stdout
    other = json.loads(filled("watch", "test", "1", "2", "--json").stdout)
    assert unexplained("watches.md", other) == []
    listed = json.loads(filled("watch", "list", "--json").stdout)
    with psycopg.connect(database_url) as connection:
        columns = connection.execute("SELECT * FROM archive.watches").description or ()
    own = {each: listed[each] for each in set(listed) - {column.name for column in columns}}
    assert unexplained("watches.md", own) == []
    assert not other["matches"]
    assert [word["holds"] for word in other["texts"][0]["words"]] == [False, True]
    chinese = filled("watch", "test", "1", "2", LC_ALL="zh_CN.UTF-8").stdout
    assert "通稿 2 不符合监视 1" in chinese
    assert filled("watch", "pause", "1").returncode == 0
    assert json.loads(filled("watch", "list", "--json").stdout)["state"] == "paused"
    assert filled("watch", "resume", "1").returncode == 0
    assert filled("watch", "remove", "1").returncode == 0
    assert filled("watch", "remove", "1").returncode == 2


def test_the_past_is_counted_before_it_is_told(filled):
    asked = filled("watch", "add", "供热", "--since", "2020", "--days", "36500")
    assert "1 matches; they are told, too" in asked.stderr
    assert asked.returncode != 0  # nobody is there to say yes
    assert filled("watch", "list", "--json").stdout == ""
    told = filled("watch", "add", "供热", "--since", "2020", "--days", "36500", "--json")
    made = json.loads(told.stdout)
    assert (made["replayed"], made["matches"], made["target"], made["secret"]) == (1, 1, None, None)
    explained = filled("watch", "test", str(made["watch_id"]), "1")
    assert "noted as new" in explained.stdout
    assert "not sent yet" in explained.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("供热", "--on", "news"), "--on takes new, edit"),
        (("供热", "--to", "hook.example/very-secret"), "--to takes one address"),
        (("",), "a watch needs a word"),
        (("供" * 1001,), "at most 1000 characters"),
        (("供热", "--source", "no.such"), "no.such"),
        (("供热", "--since", "soon"), "--since"),
    ],
)
def test_what_cannot_be_watched_is_said(filled, arguments, said):
    done = filled("watch", "add", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "very-secret" not in done.stderr


def test_the_doctor_names_a_target_that_takes_nothing(tonggao, database_url):
    assert tonggao("watch", "add", "供热", "--to", "https://hook.example/x").returncode == 0
    assert tonggao("doctor").returncode == 0
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "UPDATE tonggao.watch SET fault = 'gone', fault_detail = '410', failures = 1, failing_since = now(),"
            " paused_at = now(), paused_for = 'gone'"
        )
    told = tonggao("doctor")
    assert told.returncode == 4
    assert "https://hook.example/…" in told.stdout
    assert "wants no more messages (410)" in told.stdout
    assert "不再要消息" in tonggao("doctor", LC_ALL="zh_CN.UTF-8").stdout
