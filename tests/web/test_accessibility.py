"""Every page in the machine's Chromium: axe finds nothing, and nothing is off the screen, torn or justified.

`make test-axe` names axe's file in TONGGAO_AXE; without it, or without Chromium, these are skipped.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import os
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome

from scraper.archive import Archive
from scraper.record.release import Attachment, Image
from tests.web.conftest import DAY, observation

SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
LONGEST_GAP = 300
"""Pixels of nothing between two things on a page."""
MEASURE = """
const shown = [], off = [], justified = [];
for (const each of document.querySelectorAll("body *")) {
  const place = each.getBoundingClientRect(), style = getComputedStyle(each);
  if (!place.width || !place.height || style.position === "absolute") continue;
  const name = each.tagName + "." + (each.className.baseVal ?? each.className);
  if (place.right > document.documentElement.clientWidth + 1 && !each.closest(".scroll")) off.push(name);
  if (style.textAlign === "justify") justified.push(name);
  const own = [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const drawn = ["IMG", "svg", "INPUT", "SELECT", "IFRAME"].includes(each.tagName);
  if (each.closest("main") && (own || drawn)) shown.push([place.top, place.bottom]);
}
shown.sort((a, b) => a[0] - b[0]);
let end = null, gap = 0;
for (const [top, bottom] of shown) {
  if (end !== null) gap = Math.max(gap, top - end);
  end = Math.max(end ?? 0, bottom);
}
return {off: off.slice(0, 5), justified: justified.slice(0, 5), gap: Math.round(gap)};
"""
RUN = "const done = arguments[arguments.length - 1]; axe.run().then((found) => done(found.violations), (error) => done(String(error)));"


@pytest.fixture(scope="module")
def axe() -> str:
    """The program of axe-core."""
    named = os.environ.get("TONGGAO_AXE")
    if not named:
        pytest.skip("TONGGAO_AXE names no axe.min.js: make test-axe")
    return Path(named).read_text("utf-8")


async def fill(archive: Archive) -> list[str]:
    """An archive with everything that a page shows; the addresses of its pages."""
    long = "青川市人民政府办公室关于印发二十三公里沿河步道建设实施方案（2026—2028年）的通知"
    release = {
        "title": long,
        "region": ("120000", "120111"),
        "source": "青川日报",
        "column": "要闻",
    }
    first = await archive.store(
        observation(
            1,
            **release,
            subtitle="副题",
            author="李明",
            keywords=("供热", "民生"),
            images=(Image("https://img.example/a.jpg", "会场", "李明 摄"),),
            attachments=(Attachment("https://qingchuan.example/a.pdf", "细则.pdf"),),
            paragraphs=("一段话。" * 60, "甲\t乙\t丙", "https://qingchuan.example/" + "a" * 200),
            next_pages=("https://qingchuan.example/1_2.html",),
        )
    )
    later = DAY + dt.timedelta(hours=5)
    copy = {"source_id": "dongshan.daily", "url": "https://dongshan.example/2.html"}
    await archive.store(
        observation(2, **release, **copy, paragraphs=("一段话。" * 60,), published_at=later)
    )
    edited = observation(1, **release, paragraphs=("另一段话。" * 60,), fetched_at=later)
    await archive.store(edited)
    for number in range(3, 26):
        await archive.store(observation(number, paragraphs=(f"第{number}号" * 40,)))
    own = f"/release/{first.release_id}"
    return [
        "/", "/?q=%E5%8F%91%E5%B8%83%E4%BC%9A", "/?region=120000&kind=gov-portal", "/?q=zzzz",
        "/?since=someday", "/?page=2", "/changes", "/changes?kind=revision", "/carried", "/calendar",
        "/regions", "/regions/120000", "/sources", "/sources?state=late", "/sources/qingchuan.gov",
        own, f"/publication/{first.publication_id}/revisions", "/snapshot/1", "/nope",
    ]  # fmt: skip


def looked_at(browser: Chrome, address: str, axe: str, scheme: str, language: str) -> list[Any]:
    """What is wrong with a page, in both sizes."""
    found: list[Any] = []
    feature = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", feature)
    browser.execute_cdp_cmd("Network.enable", {})
    told = {"headers": {"Accept-Language": language}}
    browser.execute_cdp_cmd("Network.setExtraHTTPHeaders", told)
    for name, (width, height) in SIZES.items():
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": name == "phone"}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        browser.get(address)
        browser.execute_script(
            "document.querySelectorAll('main details').forEach((each) => { each.open = true; })"
        )
        measured = browser.execute_script(MEASURE)
        if measured["off"] or measured["justified"] or measured["gap"] >= LONGEST_GAP:
            found.append((address, name, scheme, measured))
        browser.execute_script(axe)
        for each in browser.execute_async_script(RUN):
            nodes = [node["html"][:120] for node in each["nodes"][:3]]
            found.append((address, name, scheme, each["id"], nodes))
    return found


async def test_no_page_shuts_anybody_out(
    browser: Chrome, archive: Archive, address: str, axe: str
) -> None:
    paths = await fill(archive)
    found: list[Any] = []
    looks = itertools.cycle((("light", "zh"), ("dark", "en")))
    for path in paths:
        for _ in range(2):
            scheme, language = next(looks)
            found += await asyncio.to_thread(
                looked_at, browser, address + path, axe, scheme, language
            )
    assert found == [], "\n".join(map(str, found))


async def test_headlines_break_between_words_and_keys_walk_through_them(
    browser: Chrome, archive: Archive, address: str, axe: str
) -> None:
    await fill(archive)

    def tried() -> tuple[int, str, bool]:
        browser.get(address + "/?q=%E6%AD%A5%E9%81%93")
        parts = browser.execute_script(
            "return document.querySelector('.hits h2 a').innerHTML.split('<wbr>')"
        )
        press = "document.dispatchEvent(new KeyboardEvent('keydown', {key: '%s', bubbles: true}))"
        browser.execute_script("document.body" + (press % "j").removeprefix("document"))
        focused = browser.execute_script("return document.activeElement.pathname")
        browser.execute_script("document.body" + (press % "?").removeprefix("document"))
        shown = browser.execute_script("return document.getElementById('keys').open")
        return ("步道" in parts) + 2 * ("建设" in parts), focused, shown

    words, focused, shown = await asyncio.to_thread(tried)
    assert words == 3
    assert focused.startswith("/release/")
    assert shown
