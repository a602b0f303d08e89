"""The embedded server stays up for its linger after its last user, not after the first one that left."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from scraper.database.embedded import sharing
from scraper.database.embedded.cluster import Cluster


@pytest.mark.parametrize("visits", [0, 1, 3])
def test_who_comes_and_goes_meanwhile_begins_the_time_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, visits: int
) -> None:
    cluster = cast("Cluster", SimpleNamespace(folder=tmp_path))
    monkeypatch.setattr(sharing, "ensure_running", lambda *_: None)
    monkeypatch.setattr(sharing, "_is_over", lambda _: True)
    waits = 0

    def wait() -> None:
        nonlocal waits
        waits += 1
        if waits <= visits:
            with sharing.used(cluster):
                pass

    sharing.keep(cluster, wait, os.open(tmp_path / "held", os.O_RDWR | os.O_CREAT))
    assert waits == visits + 1
