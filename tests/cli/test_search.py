"""``tonggao search`` tells how many there are, where, and what to do next."""

from __future__ import annotations

import json

import pytest

LINES = [
    {
        "url": f"https://qingchuan.example/{number}",
        "title": f"青川市第{number}次供热会议",
        "published_at": f"2024-{10 + number % 2}-{10 + number % 15}T09:00:00",
        "region": ["120000", "120111"] if number % 2 else ["310000"],
        "source": "青川日报" if number % 3 else "东山日报",
        "paragraphs": [
            chr(0x4E00 + number * 37 + place) * 9 + "供热工作部署。" for place in range(8)
        ],
    }
    for number in range(25)
]


@pytest.fixture
def filled(tonggao, tmp_path):
    file = tmp_path / "in.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in LINES), "utf-8")
    assert tonggao("init").returncode == 0
    assert tonggao("import", str(file)).returncode == 0
    return tonggao


def test_what_was_found_and_how_to_see_the_rest(filled, tmp_path):
    first = filled("search", "供熱")
    assert "20 of 25 releases, --skip 20 shows the next" in first.stderr
    rest = filled("search", "供熱", "--skip", "20")
    assert "5 of 25 releases after the first 20; `tonggao show" in rest.stderr
    assert "0 releases match" in filled("search", "供熱", "--exact").stderr
    month = filled("search", "供热", "--since", "2024-10", "--until", "2024-10", "--json")
    days = {json.loads(line)["dated_at"][:7] for line in month.stdout.splitlines()}
    assert days == {"2024-10"}

    facets = [
        json.loads(line)
        for line in filled("search", "供热", "--facets", "--json").stdout.splitlines()
    ]
    counts = {(each["facet"], each["name"]): each["releases"] for each in facets}
    assert counts["month", "2024-11"] == 12
    assert counts["region", "天津市"] == counts["region", "西青区"] == 12
    assert counts["named source", "东山日报"] == 9
    table = filled("search", "供热", "--facets").stdout
    assert "西青区  天津市" in " ".join(table.split()).replace(" ", "  ")

    book = tmp_path / "found.csv"
    done = filled(
        "export", "供熱", "--region", "天津市", "--format", "csv", "--bom", "-o", str(book)
    )
    assert "12 texts written" in done.stderr
    assert book.read_bytes().startswith(b"\xef\xbb\xbf")
    for wrong in (("--bom",), ("--format", "csv", "--split")):
        refused = filled("export", *wrong)
        assert refused.returncode == 2
        assert "goes with --format" in refused.stderr
    folder = tmp_path / "months"
    assert "2 months, 25 texts written" in filled("export", "--into", str(folder)).stderr
    assert "0 months, 0 texts written" in filled("export", "--into", str(folder)).stderr
    refused = filled("export", "--into", str(folder), "-o", "x")
    assert (refused.returncode, "no --output beside it" in refused.stderr) == (2, True)
    refused = filled("export", "--into", str(folder), "--format", "csv")
    assert (refused.returncode, "--into writes Parquet" in refused.stderr) == (2, True)


def test_what_is_wrong_is_named_and_an_empty_archive_says_what_to_do(tonggao):
    assert "the archive is empty; `tonggao run cri`" in tonggao("search", "供热").stderr
    wrong = tonggao("search", "供热", "--since", "2024-13")
    assert "--since: '2024-13' has the month 13" in wrong.stderr
    kind = tonggao("search", "供热", "--kind", "gov-portl")
    assert (kind.returncode, "there are gov-portal, press-office" in kind.stderr) == (2, True)
    turned = tonggao("search", "供热", "--since", "2024-11", "--until", "2024-10")
    assert "--since 2024-11-01 is after --until 2024-10-31" in turned.stderr
