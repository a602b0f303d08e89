"""Merkle trees as RFC 6962 (section 2.1) has them, built from a stream and in blocks. Pure.

A leaf is hashed behind the byte 0, a pair of nodes behind the byte 1, so that neither passes for the other.
The tree of more than one leaf is split at the greatest power of two below their number. So the tree over the
tree hashes of whole blocks of leaves, where a block is a power of two, is the tree over the leaves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

BLOCK = 1024
"""Leaves whose tree hash is kept, so that a path is made of so many leaves and not of all."""
HASH_BYTES = 32
EMPTY = hashlib.sha256().digest()
"""Tree hash of no leaves."""


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two nodes side by side."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """The tree hash of hashes that come one by one; it keeps one for each power of two among them."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, hashed: bytes) -> None:
        """Take the next hash."""
        size, self.size = self.size, self.size + 1
        while size & 1:
            hashed = node_hash(self._peaks.pop(), hashed)
            size >>= 1
        self._peaks.append(hashed)

    def root(self) -> bytes:
        """The tree hash of all so far."""
        if not self._peaks:
            return EMPTY
        *others, root = self._peaks
        for peak in reversed(others):
            root = node_hash(peak, root)
        return root


class BlockTree:
    """The same of leaves, with the tree hash of each block of them."""

    def __init__(self) -> None:
        self.size = 0
        self._tree = Tree()
        self._block = Tree()
        self._blocks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Take the next leaf."""
        self.size += 1
        self._block.add(leaf_hash(leaf))
        if self._block.size == BLOCK:
            self._close()

    def finish(self) -> tuple[bytes, list[bytes]]:
        """The tree hash of all leaves, and those of the blocks; nothing may be added after it."""
        if self._block.size:
            self._close()
        return self._tree.root(), self._blocks

    def _close(self) -> None:
        block = self._block.root()
        self._blocks.append(block)
        self._tree.add(block)
        self._block = Tree()


def tree_hash(hashes: Iterable[bytes]) -> bytes:
    """The tree hash of hashed leaves."""
    tree = Tree()
    for each in hashes:
        tree.add(each)
    return tree.root()


def split_hashes(joined: bytes) -> list[bytes]:
    """Hashes that are kept one after the other."""
    return [joined[place : place + HASH_BYTES] for place in range(0, len(joined), HASH_BYTES)]


def path_to(index: int, hashes: Sequence[bytes]) -> list[bytes]:
    """The hashes beside the way from a leaf to the root, the leaf's neighbour first.

    Args:
        index: the leaf's, from 0.
        hashes: of all leaves, or of all blocks.
    """
    path: list[bytes] = []
    low, high = 0, len(hashes)
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(tree_hash(hashes[middle:high]))
            high = middle
        else:
            path.append(tree_hash(hashes[low:middle]))
            low = middle
    return path[::-1]


def root_by(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The tree hash that a path gives for a leaf; None where the path has another length (RFC 9162, 2.1.3.2).

    Args:
        leaf: as it is, not hashed.
        index: its, from 0.
        size: how many leaves there are.
        path: as :func:`path_to` gives it.
    """
    node, place, last = leaf_hash(leaf), index, size - 1
    if not 0 <= index < size:
        return None
    for beside in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            node = node_hash(beside, node)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            node = node_hash(node, beside)
        place, last = place >> 1, last >> 1
    return node if last == 0 else None


def _split(size: int) -> int:
    """The greatest power of two that is less than a number above 1."""
    return 1 << (size - 1).bit_length() - 1
