"""Headlines among what stands around them."""

from __future__ import annotations

import pytest

from tests.page.article import TEXT, paragraphs, read


@pytest.mark.parametrize(
    "heading",
    [
        "<h1>县医院专家下乡义诊<br><span>2019-05-30 17:22:46 来源：本站 点击：</span></h1>",
        "<h1>县医院专家下乡义诊 <small>时间：2019-05-30 17:22</small></h1>",
        "<h1><a href='/2.html'>县医院专家下乡义诊</a></h1><p>2019-05-30 17:22</p>",
    ],
)
def test_a_heading_that_holds_the_date_too(heading: str) -> None:
    release = read(
        f"<div>{heading}<div>{paragraphs(*TEXT)}</div></div>",
        head="<title>县医院专家下乡义诊 - 卫健局</title>",
    )
    assert release.title == "县医院专家下乡义诊"
    assert release.published_at is not None
    assert release.published_at.strftime("%Y-%m-%d %H:%M") == "2019-05-30 17:22"
