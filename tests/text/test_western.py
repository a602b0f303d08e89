"""Who wrote a text, as pages in Western languages say it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.text.western import is_desk, names_at_start, writers_in

LINES = {
    "By John Smith | Posted on March 3, 2008": "John Smith",
    "by John Smith": "John Smith",
    "By John Smith and Mary Jones": "John Smith; Mary Jones",
    "By John Smith, Mary Jones & Al Green": "John Smith; Mary Jones; Al Green",
    "Written by Jane van der Berg, Staff Writer": "Jane van der Berg",
    "By JOHN SMITH Staff Writer": "JOHN SMITH",
    "By John Smith March 3, 2008": "John Smith",
    "By Ann Lee - the town": "Ann Lee",
    "Updated 2019 By Ann Lee": "Ann Lee",
    "Posted by jsmith @ 3:15": "jsmith",
    "Posted by jane_d 12:30": "jane_d",
    "Posted by admin @ 3:15": "",
    "John Smith, staff writer": "John Smith",
    "Filed under: Town — John Smith @ 3:15 pm": "John Smith",
    "By Al": "",  # too short a line
    "By Ann": "Ann",
    "By The Associated Press": "",
    "By Reuters": "",
    "2 comments by John Smith": "",
    "By John Smith walked home": "",
    "The road by Lake Lomond": "",
    "By Ann May Lee": "Ann May Lee",
    "By Ann May Lee | May 3, 2008": "Ann May Lee",
    "By Ann May Lee May 3, 2008": "Ann May Lee",
    "By Theresa May": "Theresa May",
    "By Theresa May on May 3, 2008": "Theresa May",
    "By Theresa May and John August": "Theresa May; John August",
    "By Theresa May 3 May 2008": "Theresa May",
    "By Theresa May 2008-05-03": "Theresa May",
    "By Theresa May 12:30": "Theresa May",
    "By Mary June Smith": "Mary June Smith",
    "By Jean Marc Dubois": "Jean Marc Dubois",
    "By John Mar, staff writer": "John Mar",
    "By April Jones": "April Jones",
    "By John August Staff Writer": "John August",
    "By Joe Friday": "Joe Friday",
    "By Ann Sunday Lee": "Ann Sunday Lee",
    "By Jane April and Ann May Lee, Special Writer": "Jane April; Ann May Lee",
    "Posted on May 3 by Ann May Lee": "Ann May Lee",
    "By John Smith May 3rd": "John Smith",
    "By John Smith May 2008": "John Smith",
    "By John Smith Sunday, May 3": "John Smith",
    "By John Smith Sunday May 3": "John Smith",
    "By John Smith, May 3, 2008": "John Smith",
    "By John Smith, Monday, May 3": "John Smith",
    "By May 3, 2008": "",
    "By China.org.cn": "",
    "By www.qc.cn": "",
    "By John.Smith@qc.cn": "",
    "By John Smith @johnsmith": "John Smith",
    "By John Smith (john@qc.cn)": "John Smith",
    "posted by zhang@qc.cn on May 3": "",
    "By Ann Lee - " + "a" * 87: "Ann Lee",  # a hundred signs
    "By Ann Lee - " + "a" * 88: "",
}


@pytest.mark.parametrize("line", LINES)
def test_lines_name_their_writers(line: str) -> None:
    assert "; ".join(writers_in(line)) == LINES[line]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("John Smith", "John Smith"),
        ("John Smith Editor", "John Smith"),
        ("John Smith Sept. 3", "John Smith"),
        ("Ann Lee Tuesday", "Ann Lee"),
        ("Ann Lee.", "Ann Lee"),
        ("Ann B.", "Ann B."),
        ("Ann May Lee", "Ann May Lee"),
        ("Monday Ann", "Monday Ann"),  # a name may begin so
        ("John Smith said", ""),
        ("Mary of York", ""),
        ("Admin", ""),
        ("the town", ""),
        ("", ""),
    ],
)
def test_a_text_begins_with_names_and_nothing_else(text: str, names: str) -> None:
    assert "; ".join(names_at_start(text)) == names


@pytest.mark.parametrize(
    "name", ["The Guardian", "Town News", "Reuters", "Editors", "Acme Inc.", "reuters"]
)
def test_agencies_and_desks(name: str) -> None:
    assert is_desk(name)


@pytest.mark.parametrize("name", ["John Smith", "Newsome Theodore", "Presston"])
def test_people_are_no_desks(name: str) -> None:
    assert not is_desk(name)


@given(st.text(st.sampled_from("By Posted John.,'@|—&and12 "), max_size=120))
def test_no_line_makes_it_raise(line: str) -> None:
    assert all(name in " ".join(line.split()) or name in line for name in writers_in(line))
