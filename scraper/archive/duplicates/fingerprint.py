"""The fingerprint of a text: its digest, and the keys under which near-duplicates meet.

The definition is our own and versioned; stored keys stay valid as long as the version stays.

* ``digest``: BLAKE2b of the normalised text. A text too short to stand for a story is joined by its
  headline, and one that is shorter still by its address, so that "详见附件" is no copy of another.
  One without any text is joined by neither: its files may show that it is one with another.
* ``keys``: 25 bands of 5 rows of a MinHash over shingles of four characters, and the eight smallest
  hashes of sentences. Bands find texts that share most shingles; sentences find what was cut to a
  third, since a cut keeps some of the sampled sentences (a bottom-k sketch).

Measured before (synthetic reposts): MinHash alone finds all of the prepended, of 20 % cut and of
5 % replaced words, 90 % of 40 % cut, a quarter of 60 % cut; simhash is of no use for Chinese news.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scraper.archive.duplicates.normal_text import normalise, sentences

FINGERPRINT_VERSION = 1

SHINGLE = 4
BANDS, ROWS = 25, 5
SAMPLED_SENTENCES = 8
SHORTEST_SENTENCE = 10
"""Characters below which a sentence says too little to be a key (记者张三报道)."""
STANDS_ALONE = 60
"""Characters from which a text is a story without its headline."""
STANDS_WITH_TITLE = 24
"""Characters, headline included, from which a short text is a story without its address."""
SHORTEST_NEAR = 50
"""Characters below which near-duplicates are not looked for."""
LONGEST_HASHED = 20_000
"""Characters from which the rest of a text adds nothing to its MinHash."""

DAY_BITS = 16
_HASH_BITS = 46
_FIRST_DAY = dt.date(1970, 1, 1)
_Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A text's fingerprint; ``text`` is the normalised text it was made from."""

    digest: bytes
    keys: tuple[int, ...]
    text: str


def fingerprint(title: str, paragraphs: Sequence[str], url: str, day: dt.date) -> Fingerprint:
    """The fingerprint of a release.

    Args:
        title: the headline.
        paragraphs: the text.
        url: normal address, which only tells apart texts that say next to nothing.
        day: the day of publication (Asia/Shanghai), the low part of every key.
    """
    parts = sentences(paragraphs)
    text = "".join(parts)
    hashes = _keys(text, parts) if len(text) >= SHORTEST_NEAR else ()
    number = min(max((day - _FIRST_DAY).days, 0), (1 << DAY_BITS) - 1)
    keys = tuple((value << DAY_BITS) | number for value in hashes)
    return Fingerprint(_digest(title, text, url), keys, text)


def _digest(title: str, text: str, url: str) -> bytes:
    if not text:  # a text that is not there is no evidence of sameness, whatever the headline says
        return hashlib.blake2b(f"{url}\n{normalise(title)}\n".encode(), digest_size=16).digest()
    if len(text) < STANDS_ALONE:
        text = f"{normalise(title)}\n{text}"
        if len(text) <= STANDS_WITH_TITLE:
            text = f"{url}\n{text}"
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _keys(text: str, parts: Sequence[str]) -> tuple[int, ...]:
    bands = _band_hashes(_minima(text[:LONGEST_HASHED]))
    sampled = sorted({_sentence_hash(part) for part in parts if len(part) >= SHORTEST_SENTENCE})
    return tuple(dict.fromkeys((*bands, *sampled[:SAMPLED_SENTENCES])))


def _sentence_hash(sentence: str) -> int:
    value = hashlib.blake2b(sentence.encode(), digest_size=8, person=b"sentence").digest()
    return int.from_bytes(value, "big") >> (64 - _HASH_BITS)


def _mixed(values: _Hashes) -> _Hashes:
    """The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every input bit moves every output bit."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _stream(seed: int, length: int) -> _Hashes:
    steps = np.arange(1, length + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return _mixed(steps + np.uint64(seed))


_FACTORS = _stream(1, BANDS * ROWS) | np.uint64(1)
_ADDENDS = _stream(2, BANDS * ROWS)
_POSITIONS = _stream(3, SHINGLE) | np.uint64(1)
_BAND_SALTS = _stream(4, BANDS)


def _minima(text: str) -> _Hashes:
    """The smallest value of each of the 125 hash functions over the text's shingles."""
    characters = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    length = len(characters) - SHINGLE + 1
    shingles = np.zeros(length, dtype=np.uint64)
    for place, factor in enumerate(_POSITIONS):
        shingles += characters[place : place + length] * factor
    hashed = np.unique(_mixed(shingles))
    table = _FACTORS[:, None] * hashed
    table += _ADDENDS[:, None]
    minima: _Hashes = table.min(axis=1)
    return minima


def _band_hashes(minima: _Hashes) -> tuple[int, ...]:
    rows = minima.reshape(BANDS, ROWS)
    values = _BAND_SALTS.copy()
    for place in range(ROWS):
        values = _mixed(values ^ rows[:, place])
    return tuple(int(value) >> (64 - _HASH_BITS) for value in values)
