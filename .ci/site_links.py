"""Hook of the site: a link from the documents into the rest of the repository leads to its web page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_OUTSIDE = re.compile(r"\]\(\.\./([^)#\s]+)")


def on_page_markdown(markdown: str, config: Any, **_: Any) -> str:
    """Put the address of the repository before paths outside ``docs/``; a missing file stays broken."""
    base = f"{config['repo_url']}/blob/main/"
    return _OUTSIDE.sub(
        lambda found: f"]({base}{found[1]}" if (ROOT / found[1]).exists() else found[0], markdown
    )
