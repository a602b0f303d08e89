"""Pages as scanners and telephones bring them: turned, pressed, coarse, noisy, shaded."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from fpdf import FPDF
from PIL import Image

logging.getLogger("fontTools").setLevel(logging.CRITICAL)
Pixels = Any

TEXT = (
    "关于进一步做好防汛抗旱工作的通知。各区县人民政府、市政府各委办局：为深入贯彻落实会议精神，现将有关事项通知如下，"
    "请认真组织实施。2024年6月1日。全市完成投资1,234.5万元，同比增长8.6%；其中水利工程占35.2%。联系人：李明，"
    "电话：021-55667788。一要压实责任，二要加强巡查，三要做好物资储备，四要严肃工作纪律，确保人民群众生命财产安全。"
)
LINES = [f"第{number}项，{TEXT}" for number in "一二三"]


def typeset(font: Path, lines: list[str], size: float = 14) -> bytes:
    """A PDF of paragraphs in a font, of which it embeds what it uses."""
    made = FPDF()
    made.add_font("chinese", fname=str(font))
    made.set_font("chinese", size=size)
    made.set_margins(25, 25)
    made.add_page()
    for line in lines:
        made.multi_cell(0, size * 0.62, line)
        made.ln(3)
    return bytes(made.output())


def scanned(document: bytes, dots: int = 200) -> Pixels:
    """Its first page in grey pixels, so many dots an inch."""
    page = pypdfium2.PdfDocument(document)[0]
    return np.array(page.render(scale=dots / 72).to_pil().convert("L"))


def turned(grey: Pixels, degrees: float) -> Pixels:
    picture = Image.fromarray(grey).rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)
    return np.array(picture)


def noisy(grey: Pixels, deviation: float = 12, seed: int = 1) -> Pixels:
    noise = np.random.default_rng(seed).normal(0, deviation, grey.shape)
    return np.clip(grey + noise, 0, 255).astype(np.uint8)


def shaded(grey: Pixels, darkest: float = 0.45) -> Pixels:
    """A shadow from the left, where all is lit, to the right."""
    return (grey * np.linspace(1, darkest, grey.shape[1])[None, :]).astype(np.uint8)


def written(grey: Pixels, quality: int | None = None) -> bytes:
    """As a PNG, or as a JPEG of a quality."""
    out = io.BytesIO()
    if quality is None:
        Image.fromarray(grey).save(out, "PNG")
    else:
        Image.fromarray(grey).save(out, "JPEG", quality=quality)
    return out.getvalue()


SPOILED: dict[str, Callable[[bytes], bytes]] = {
    "clean": lambda document: written(scanned(document)),
    "turned +2": lambda document: written(turned(scanned(document), 2)),
    "turned -2": lambda document: written(turned(scanned(document), -2)),
    "JPEG 40": lambda document: written(scanned(document), 40),
    "150 dpi": lambda document: written(scanned(document, 150)),
    "noise 12": lambda document: written(noisy(scanned(document))),
    "a shadow": lambda document: written(shaded(scanned(document))),
    "all at once": lambda document: written(
        noisy(shaded(turned(scanned(document, 150), 2))), 40
    ),
}  # fmt: skip
"""Each way in which a page comes badly, from its PDF."""
