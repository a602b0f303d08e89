"""A file that kills its reader is refused by name, and the pool goes on."""

from __future__ import annotations

import pytest

from scraper.errors import FileReaderCrashed, FileTooLarge
from scraper.readers import FilePool, ReaderLimits
from scraper.readers import files as pools
from scraper.refusal import Refusal


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> None:
    program = "from tests.readers.faulty_file_process import main; main()"
    monkeypatch.setattr(pools, "_PROGRAM", program)


async def test_a_file_is_read_in_a_process_of_half_a_gigabyte() -> None:
    async with FilePool() as pool:
        found = await pool.read_file(
            "防汛通知。".encode("gbk"), "http://a.gov.cn/1.txt", name="1.txt"
        )
        assert found.text == "防汛通知。"
        with pytest.raises(FileTooLarge) as caught:
            await pool.read_file(b"{\\rtf1" + b"{" * 9999, "http://a.gov.cn/2.rtf")
        assert caught.value.refusal is Refusal.TOO_DEEP


@pytest.mark.usefixtures("faulty")
async def test_each_way_to_lose_a_reader_has_its_name() -> None:
    limits = ReaderLimits(seconds=1, megabytes=1024)
    async with FilePool(limits=limits) as pool:
        for data, refusal in (
            (b"crash", Refusal.CRASHED),
            (b"hang", Refusal.TOO_SLOW),
            (b"grow", Refusal.TOO_MUCH_MEMORY),
            (b"abort", Refusal.TOO_MUCH_MEMORY),
            (b"fault", Refusal.CRASHED),
        ):
            with pytest.raises(FileReaderCrashed, match=r"http://a\.gov\.cn/1") as caught:
                await pool.read_file(data, "http://a.gov.cn/1")
            assert caught.value.refusal is refusal
        assert (await pool.read_file(b"sound", "http://a.gov.cn/1")).text == "sound"
