"""The reader's own words, in Chinese and in English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from starlette.requests import HTTPConnection

LANGUAGES = {"zh": "中文", "en": "English"}
COOKIE = "language"
_FOLDER = Path(__file__).parent / "words"


@cache
def words(language: str) -> Mapping[str, str]:
    """Every sentence and label by its name."""
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))


def language_of(request: HTTPConnection) -> str:
    """What the reader chose, else what the browser prefers, else Chinese."""
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    preferred = request.headers.get("accept-language", "")
    for part in preferred.split(","):
        tag = part.split(";")[0].strip().lower().split("-")[0]
        if tag in LANGUAGES:
            return tag
    return "zh"
