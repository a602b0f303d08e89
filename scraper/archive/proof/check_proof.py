"""Check a proof of tonggao with Python's standard library alone.

    python3 check_proof.py PROOF.json [--root HEX] [--ca AUTHORITY.pem] [FILE ...]

--root: a root of the chain that you have from elsewhere, at or after the day of what is proved.
--ca: certificates that the chain's timestamps are held against, by `openssl ts -verify`.
FILE: a page or file whose bytes the proof is to be of.
Exit code 0: proved; 1: not proved; 3: neither --root nor --ca, so it agrees with itself and proves nothing.
"""

import argparse
import base64
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
from typing import Any

EXIT_ALONE = 3


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def need(fact: object, claim: str) -> None:
    if not fact:
        sys.exit(f"NOT PROVED: {claim}")


def tree_by(leaf: str, index: int, size: int, path: list[str]) -> str:
    """RFC 9162, 2.1.3.2."""
    node, place, last = sha256(b"\0", leaf.encode()), index, size - 1
    need(0 <= index < size, f"{leaf} is one of {size} leaves")
    for beside in map(bytes.fromhex, path):
        need(last, f"the path of {leaf} is no longer than it may be")
        right = place & 1 or place == last
        node = sha256(b"\1", beside, node) if right else sha256(b"\1", node, beside)
        while right and place and not place & 1:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    need(not last, f"the path of {leaf} is as long as it must be")
    return node.hex()


def check_chain(roots: list[dict[str, Any]]) -> None:
    before = roots[0]["previous"] or "0" * 64
    for root in roots:
        previous = root["previous"] or "0" * 64
        head = f"tonggao root 1\nday {root['day']}\nleaves {root['leaves']}\n"
        head += f"tree {root['tree']}\nprevious {previous}\n"
        need(previous == before, f"the root of {root['day']} follows the one before it")
        before = sha256(b"\2", head.encode()).hex()
        need(before == root["root"], f"the root of {root['day']} is the hash of what it says")


def check_leaf(leaf: dict[str, Any], root: dict[str, Any]) -> str:
    tree = tree_by(leaf["leaf"], leaf["index"], root["leaves"], leaf["path"])
    need(tree == root["tree"], f"{leaf['leaf']} is in the root of {root['day']}")
    digest, name = str(leaf["leaf"].split(" ")[2]), ""
    if leaf["value"] is not None:
        found = sha256(leaf["value"].encode()).hex()
        need(digest in (found, "02" + found), f"what is shown is what {leaf['leaf']} is of")
        told = json.loads(leaf["value"])
        name = told.get("title") or told.get("url") or ""
    print(f"in the root of {root['day']}: {leaf['leaf']} {name}")
    return digest


def check_timestamp(root: dict[str, Any], ca: str) -> None:
    with tempfile.NamedTemporaryFile() as token:
        token.write(base64.b64decode(root["timestamp"]))
        token.flush()
        verify = ["openssl", "ts", "-verify", "-digest", root["root"], "-in", token.name]
        done = subprocess.run([*verify, "-CAfile", ca], capture_output=True, check=False)
        need(done.returncode == 0, f"the timestamp of {root['day']}: {done.stderr.decode()}")
        tell = ["openssl", "ts", "-reply", "-text", "-in", token.name]
        told = subprocess.run(tell, capture_output=True, check=True).stdout.decode()
    time = next(line for line in told.splitlines() if line.startswith("Time stamp: "))
    print(f"the root of {root['day']} was there at {time.removeprefix('Time stamp: ')}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Check a proof of tonggao.")
    parser.add_argument("proof", type=pathlib.Path)
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    parser.add_argument("--root")
    parser.add_argument("--ca")
    asked = parser.parse_args()
    proof = json.loads(asked.proof.read_text("utf-8"))
    roots, leaves = proof["roots"], proof["leaves"]
    need(proof["form"] == "tonggao proof 1" and roots and leaves, "anything at all")
    check_chain(roots)
    places = {root["day"]: place for place, root in enumerate(roots)}
    need(len(places) == len(roots), "that each day has one root")
    digests = {check_leaf(leaf, roots[places[leaf["day"]]]) for leaf in leaves}
    for file in asked.files:
        need(sha256(file.read_bytes()).hex() in digests, f"{file} is what was archived")
    newest = max(places[leaf["day"]] for leaf in leaves)  # a root vouches for those before it alone
    vouched = []
    if asked.root:
        vouched = [root for root in roots[newest:] if root["root"] == asked.root.lower()]
        need(vouched, f"the chain leads to the root {asked.root}")
    if asked.ca:
        stamped = [root for root in roots[newest:] if root["timestamp"]]
        need(stamped, "any time: the chain leads to no root with a timestamp")
        check_timestamp(stamped[0], asked.ca)
        vouched = vouched or stamped
    end = (vouched or roots[-1:])[0]
    told = f"chained to the root of {end['day']}: {end['root']}"
    if not vouched:
        print(f"IT AGREES WITH ITSELF, {told}")
        print("Whether that root is genuine is for --root or --ca to show: nothing is proved yet.")
        sys.exit(EXIT_ALONE)
    print(f"PROVED, {told}")


if __name__ == "__main__":
    try:
        main()
    except (LookupError, OSError, TypeError, ValueError, AttributeError) as error:
        sys.exit(f"NOT PROVED: that is no proof or no file: {error!r}")
