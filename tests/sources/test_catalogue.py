"""The catalogue that ships with the program, and the user's folder over it."""

from __future__ import annotations

import collections
import re
from pathlib import Path

import pytest

from scraper.errors import InvalidSource, UnknownSource
from scraper.sources import Catalogue, Confidence, load_catalogue
from scraper.sources.catalogue import SHIPPED, region_stem
from scraper.sources.coverage import city_coverage
from scraper.sources.files import read_entries, validate_folder


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_every_shipped_column_is_valid(catalogue: Catalogue) -> None:
    assert validate_folder(SHIPPED, SHIPPED) == (388, [])
    assert len(catalogue) == 388


def test_no_id_of_a_release_ever_vanishes(catalogue: Catalogue) -> None:
    """Archives and settings name columns by these ids."""
    released = (Path(__file__).parent / "released_ids.txt").read_text("utf-8").split()
    assert len(released) == 329
    assert [source_id for source_id in released if source_id not in catalogue] == []


def test_all_31_provinces_are_covered(catalogue: Catalogue) -> None:
    codes = collections.Counter(source.region[:2] for source in catalogue if source.region)
    assert {code for code, count in codes.items() if count < 5} == {"81", "82"}
    assert len(codes) == 33


def test_the_table_of_the_cities_is_that_of_the_catalogue(catalogue: Catalogue) -> None:
    found = city_coverage(catalogue)
    assert sum(found.values()) == 333
    page = (SHIPPED.parents[1] / "docs" / "sources.md").read_text("utf-8")
    row = " | ".join(str(found[each]) for each in (*Confidence, None))
    assert f"| {row} | 333 |" in page


def test_each_column_tells_how_sure_it_is_and_what_was_seen(catalogue: Catalogue) -> None:
    sure = collections.Counter(source.confidence for source in catalogue)
    assert sure == {Confidence.HIGH: 129, Confidence.MEDIUM: 195, Confidence.LOW: 64}
    for source in catalogue:
        assert re.match(r"(20\d\d|undated), [a-z]|address derived", source.seen or ""), source.id


def test_a_column_takes_a_dozen_lines_at_most() -> None:
    for file in SHIPPED.rglob("*.toml"):
        head, *columns = file.read_text("utf-8").split("[[column]]\n")
        shared = len(head.strip().splitlines())
        assert all(shared + len(each.strip().splitlines()) <= 12 for each in columns), file


def test_a_file_holds_one_publisher(catalogue: Catalogue) -> None:
    publishers = collections.defaultdict(set)
    for source in catalogue:
        publishers[catalogue.files[source.id]].add((source.publisher, (source.region or "00")[:2]))
    assert all(len(found) == 1 for found in publishers.values())


def test_selection(catalogue: Catalogue) -> None:
    tianjin = catalogue.select(region="12")
    assert {source.region[:2] for source in tianjin} == {"12"}
    assert catalogue.select(region="120000") == tianjin
    press = catalogue.select(region="12", kind="press-office")
    assert "tianjin.gov.xwfbh" in {source.id for source in press}
    assert [source.id for source in catalogue.select(ids=["tianjin.gov.jrgz"])] == [
        "tianjin.gov.jrgz"
    ]
    assert catalogue.select(tag="none") == []


def test_region_stems() -> None:
    assert [region_stem(code) for code in ("120000", "130100", "130102", "12")] == [
        "12",
        "1301",
        "130102",
        "12",
    ]


def test_a_mistyped_id_is_answered_with_near_ones(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownSource, match=r"did you mean tianjin\.gov\.jrgz"):
        catalogue.get("tianjin.gov.jrg")
    with pytest.raises(UnknownSource, match="sources list"):
        catalogue.get("zzzzzz")


def test_a_blocked_source_has_others_of_its_region(catalogue: Catalogue) -> None:
    blocked = catalogue.get("gansu.gov.gsyw")
    others = catalogue.alternatives(blocked)
    assert len(others) == 5
    assert all(source.region.startswith("62") for source in others)
    assert all("www.gansu.gov.cn" not in source.allowed_hosts for source in others)
    assert others[0].confidence == Confidence.HIGH


def test_the_users_folder_changes_and_adds(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        'id = "tianjin.gov.jrgz"\nmax_pages = 3\ntags = "mine"\n', "utf-8"
    )
    (tmp_path / "new.toml").write_text(
        'id = "my.own"\nname = "n"\npublisher = "p"\nkind = "gov-portal"\nlists = "http://a.cn/"\n',
        "utf-8",
    )
    changed = load_catalogue(tmp_path)
    assert len(changed) == 389
    assert changed.get("tianjin.gov.jrgz").max_pages == 3
    assert changed.get("tianjin.gov.jrgz").lists == load_catalogue().get("tianjin.gov.jrgz").lists
    assert changed.files["tianjin.gov.jrgz"] == tmp_path / "own.toml"
    assert [source.id for source in changed.select(tag="mine")] == ["tianjin.gov.jrgz"]
    assert validate_folder(tmp_path, SHIPPED) == (2, [])


def test_an_override_that_is_wrong_names_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('id = "tianjin.gov.jrgz"\n\nmax_pages = 0\n', "utf-8")
    with pytest.raises(InvalidSource, match=r"own\.toml:3: source tianjin\.gov\.jrgz: max_pages"):
        load_catalogue(tmp_path)


def test_validation_tells_every_error(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("id = ", "utf-8")
    (tmp_path / "b.toml").write_text('id = "b"\nname = "n"\n', "utf-8")
    count, errors = validate_folder(tmp_path, SHIPPED)
    assert count == 1
    assert [error.partition(": ")[0].rpartition("/")[2] for error in errors] == [
        "a.toml:1",
        "b.toml:1",
    ]
    assert validate_folder(tmp_path / "nowhere", SHIPPED)[1]


def test_known_articles_are_accepted(shared: Path) -> None:
    """Article addresses cited in public fit the patterns of their columns."""
    import json

    rows = (shared / "catalogue" / "sources.jsonl").read_text("utf-8").splitlines()
    by_name = {(source.name, source.publisher): source for source in load_catalogue()}
    cited = [row for row in map(json.loads, rows) if row.get("sample_article_url")]
    assert len(cited) > 30
    for row in cited:
        source = by_name[row["name"], row["publisher"]]
        assert source.accepts(row["sample_article_url"]), source.id


def test_entries_without_a_table(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text("[column]\nid = 'x'\n", "utf-8")
    with pytest.raises(InvalidSource, match=r"a\.toml:1: write \[\[column\]\]"):
        read_entries(file)
