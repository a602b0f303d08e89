"""Chinese fonts that files are set in, where this machine has them (Debian's packages)."""

from __future__ import annotations

from pathlib import Path

_ROOT = Path("/usr/share/fonts")
FONTS = {
    "songti": "truetype/arphic-gbsn00lp/gbsn00lp.ttf",
    "kaiti": "truetype/arphic-gkai00mp/gkai00mp.ttf",
    "zenhei": "truetype/wqy/wqy-zenhei.ttc",
    "microhei": "truetype/wqy/wqy-microhei.ttc",
    "noto-sans": "opentype/noto/NotoSansCJK-Regular.ttc",
    "noto-serif": "opentype/noto/NotoSerifCJK-Regular.ttc",
    "uming": "truetype/arphic/uming.ttc",
    "ukai": "truetype/arphic/ukai.ttc",
}
PACKAGES = (
    "fonts-arphic-gbsn00lp fonts-arphic-gkai00mp fonts-arphic-ukai fonts-arphic-uming fonts-noto-cjk"
    " fonts-wqy-microhei fonts-wqy-zenhei"
)
"""What brings them."""


def installed() -> dict[str, Path]:
    """The fonts of this machine, by name."""
    return {name: _ROOT / path for name, path in FONTS.items() if (_ROOT / path).exists()}
