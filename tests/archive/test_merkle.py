"""Trees: what a path proves, for any number of leaves, and that nothing else is proved by it."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.proof import merkle
from scraper.archive.proof.merkle import (
    BLOCK,
    EMPTY,
    BlockTree,
    leaf_hash,
    node_hash,
    path_to,
    root_by,
    tree_hash,
)

LEAVES = st.lists(st.binary(max_size=8), max_size=70)


def naive(leaves: list[bytes]) -> bytes:
    """Word for word what RFC 6962 (2.1) says."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = naive(leaves[:split]), naive(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def some(number: int) -> list[bytes]:
    return [f"leaf {n}".encode() for n in range(number)]


def hashes(leaves: list[bytes]) -> list[bytes]:
    return [leaf_hash(leaf) for leaf in leaves]


@pytest.mark.parametrize(
    ("leaves", "expected"),
    [  # the vectors of Certificate Transparency's own tests
        (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ],
)
def test_the_tree_is_that_of_certificate_transparency(leaves: int, expected: str) -> None:
    vectors = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
    vectors.append("606162636465666768696a6b6c6d6e6f")
    given_leaves = [bytes.fromhex(each) for each in vectors[:leaves]]
    assert tree_hash(hashes(given_leaves)).hex() == expected


@given(LEAVES)
def test_a_streamed_tree_is_the_naive_one(leaves: list[bytes]) -> None:
    assert tree_hash(hashes(leaves)) == naive(leaves)


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 63, 64, 65, 200])
def test_a_tree_of_blocks_is_the_naive_one(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merkle, "BLOCK", 8)
    leaves, built = some(size), BlockTree()
    for leaf in leaves:
        built.add(leaf)
    root, blocks = built.finish()
    assert root == naive(leaves)
    assert blocks == [naive(leaves[first : first + 8]) for first in range(0, size, 8)]


def test_a_block_is_a_power_of_two() -> None:
    assert BLOCK & (BLOCK - 1) == 0


@given(LEAVES.filter(len))
def test_every_leaf_is_proved(leaves: list[bytes]) -> None:
    hashed = hashes(leaves)
    for index, leaf in enumerate(leaves):
        path = path_to(index, hashed)
        assert root_by(leaf, index, len(leaves), path) == naive(leaves)


@given(st.integers(1, 40), st.data())
def test_nothing_altered_is_proved(size: int, data: st.DataObject) -> None:
    leaves = some(size)
    index = data.draw(st.integers(0, size - 1))
    path, root = path_to(index, hashes(leaves)), naive(leaves)
    assert root_by(leaves[index] + b"!", index, size, path) != root
    assert root_by(leaves[index], index, size, [*path, EMPTY]) is None
    for place in range(len(path)):
        altered = bytes([path[place][0] ^ 1]) + path[place][1:]
        assert (
            root_by(leaves[index], index, size, [*path[:place], altered, *path[place + 1 :]])
            != root
        )
        assert root_by(leaves[index], index, size, [*path[:place], *path[place + 1 :]]) != root
    for other in range(-1, size + 2):
        if other != index:
            assert root_by(leaves[index], other, size, path) != root


def test_a_node_passes_for_no_leaf() -> None:
    left, right = hashes(some(2))
    assert leaf_hash(left + right) != node_hash(left, right)
