"""The new data folder takes the old one's place, whenever the upgrade was killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from scraper.database.embedded.upgraded import VERIFIED, finish, kept, upgrading


def carried_over(folder: Path) -> Path:
    """An old data folder, and beside it a whole new one."""
    for place, words in ((folder / "data", "old"), (upgrading(folder) / "data", "new")):
        place.mkdir(parents=True)
        (place / "words").write_text(words)
    (upgrading(folder) / VERIFIED).write_text("15\n")
    return folder / "data"


@pytest.mark.parametrize("done", range(4))
def test_it_is_finished_after_a_kill_at_any_step(tmp_path: Path, done: int) -> None:
    data = carried_over(tmp_path)
    if done >= 1:
        data.rename(kept(tmp_path, "15"))
    if done >= 2:
        (upgrading(tmp_path) / "data").rename(data)
    if done >= 3:
        (upgrading(tmp_path) / VERIFIED).unlink()
    finish(tmp_path, data)
    finish(tmp_path, data)
    assert (data / "words").read_text() == "new"
    assert (kept(tmp_path, "15") / "words").read_text() == "old"
    assert not (upgrading(tmp_path) / VERIFIED).exists()


def test_what_was_not_verified_takes_no_place(tmp_path: Path) -> None:
    data = carried_over(tmp_path)
    (upgrading(tmp_path) / VERIFIED).unlink()
    finish(tmp_path, data)
    assert (data / "words").read_text() == "old"
