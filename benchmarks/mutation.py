"""How much of what the pure areas do is held by their tests: mutants of a seeded sample, killed or not.

    python -m benchmarks.mutation [--sample 1500] [--seed 22] [--floor 0.8] [--only PATTERN]

mutmut changes one thing of a function at a time (``[tool.mutmut]`` in pyproject.toml says where, and which
tests are asked); those tests of the change's function are run that reach it. A change that no test notices
survives. A sample of all changes is tried, the same for the same seed and code. Survivors that were looked at
and make no difference stand in ``mutation.toml`` with the reason; they count as survivors all the same, and
only those that do not stand there are printed. Exits with 1 below ``--floor``.

One PostgreSQL server of its own serves all mutants. The clock matters in one place: a mutant that takes fifteen
times as long as its tests, and fifteen seconds, is stopped: a timeout, which is a kill. (At four times, mutants
that make no difference were stopped on a busy machine while they made their database.)
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import unified_diff
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

from scraper.database.embedded import cluster as clusters

ROOT = Path(__file__).resolve().parents[1]
MADE = ROOT / "mutants"
LOOKED_AT = Path(__file__).with_suffix(".toml")
MUTMUT = Path(sys.executable).with_name("mutmut")
_MUTANT = re.compile(r"__mutmut_\w+")
SMALL = "scheduler.schedule.rows.*"
"""A module of few mutants: running them makes those of all modules, which the sample is drawn from."""
KILLED, TIMEOUT, SURVIVED, UNTESTED = "killed", "timeout", "survived", "no tests"
FATES = {0: SURVIVED, 1: KILLED, 3: KILLED, 5: UNTESTED, 33: UNTESTED, 36: TIMEOUT, -24: TIMEOUT}
"""What mutmut's exit codes mean; any other one is printed as it is and counts as not killed."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a mutant changes: the function, and the line before and after."""

    function: str
    before: str
    after: str


def main() -> int:
    """Run the sample; 1 where too few are killed."""
    options = _options()
    begun = time.monotonic()
    shutil.rmtree(MADE, ignore_errors=True)
    with _server() as server:
        _mutmut(server, options.children, [SMALL])
        drawn = sample(sorted(fates()), options.sample, options.seed, options.only)
        _mutmut(server, options.children, drawn)
    found = fates()
    kept = report({name: found[name] for name in drawn}, len(found))
    survivors(name for name in drawn if found[name] not in (KILLED, TIMEOUT))
    print(f"\nseed {options.seed}, {(time.monotonic() - begun) / 60:.0f} minutes", end=", ")
    print(f"{options.children} at a time, load {os.getloadavg()[2]:.1f} over the last 15 minutes")
    return int(kept < options.floor)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sample", type=int, default=1500, help="how many mutants are tried")
    parser.add_argument("--seed", type=int, default=22, help="which ones")
    parser.add_argument("--floor", type=float, default=0.8, help="share that must be killed")
    parser.add_argument("--only", default="*", help="names of mutants to draw from, a pattern")
    parser.add_argument("--children", type=int, default=2, help="how many at a time")
    return parser.parse_args()


def sample(names: list[str], size: int, seed: int, only: str) -> list[str]:
    """So many of the names that fit, always the same ones of the same names."""
    fitting = [name for name in names if fnmatch(name, only)]
    return sorted(random.Random(seed).sample(fitting, min(size, len(fitting))))


def fates() -> dict[str, str]:
    """What became of each mutant so far, by its name."""
    found = {}
    for path in MADE.rglob("*.py.meta"):
        for name, code in json.loads(path.read_text("utf-8"))["exit_code_by_key"].items():
            found[name] = FATES.get(code, f"code {code}")
    return found


def report(found: dict[str, str], of_all: int) -> float:
    """Print a line for each module and one for all; the share that was killed."""
    modules: dict[str, Counter[str]] = {}
    for name, fate in found.items():
        modules.setdefault(_module(name), Counter())[fate] += 1
    total = sum(modules.values(), Counter[str]())
    columns = [KILLED, TIMEOUT, SURVIVED, UNTESTED, *sorted(set(total) - {*FATES.values()})]
    print("| module | mutants | " + " | ".join(columns) + " | share killed |")
    print("|---" * (len(columns) + 3) + "|")
    for module, counts in [*sorted(modules.items()), (f"together, of {of_all}", total)]:
        figures = " | ".join(str(counts[column]) for column in columns)
        print(f"| {module} | {counts.total()} | {figures} | {_share(counts):.3f} |")
    return _share(total)


def survivors(names: Iterator[str]) -> None:
    """Print what those change that are not yet accounted for, and how many are."""
    known = {
        Change(each["function"], each["before"], each["after"])
        for each in tomllib.loads(LOOKED_AT.read_text("utf-8"))["survivor"]
    }
    told = 0
    for name in names:
        change = change_of(name)
        if change in known:
            told += 1
            continue
        print(f"\n{name}\n  - {change.before}\n  + {change.after}")
    print(f"\n{told} survivors stand in {LOOKED_AT.name} with the reason")


def change_of(name: str) -> Change:
    """What a mutant changes; several lines are joined."""
    module, _, function = name.rpartition(".")
    functions = _functions(module)
    plain = function.partition("__mutmut_")[0]
    lines = unified_diff(functions[f"{plain}__mutmut_orig"], functions[function], n=0, lineterm="")
    body = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
    before = " ".join(line[1:].strip() for line in body if line.startswith("-"))
    after = " ".join(line[1:].strip() for line in body if line.startswith("+"))
    return Change(f"{module}.{plain}", before, after)


@cache
def _functions(module: str) -> dict[str, list[str]]:
    """The lines of each function of a module and of its mutants, its name as it was."""
    path = MADE.joinpath(*module.split("."))
    text = (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text("utf-8")
    lines = text.splitlines()
    return {
        node.name: [_MUTANT.sub("", line) for line in lines[node.lineno - 1 : node.end_lineno]]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def _module(name: str) -> str:
    return name.rpartition(".")[0]


def _share(counts: Counter[str]) -> float:
    return (counts[KILLED] + counts[TIMEOUT]) / max(1, counts.total())


def _mutmut(server: str, children: int, names: list[str]) -> None:
    """Run these mutants; its lines of progress are not shown, its end is where it fails."""
    done = subprocess.run(  # noqa: S603
        [MUTMUT, "run", "--max-children", str(children), *names],
        cwd=ROOT,
        env={**os.environ, "TONGGAO_TEST_SERVER": server},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"mutmut ended with {done.returncode}:\n{(done.stdout + done.stderr)[-4000:]}")


@contextmanager
def _server() -> Iterator[str]:
    """A server that lives as long as the block; its connection string without database."""
    folder = Path(tempfile.mkdtemp(prefix="tonggao-mutation-"))
    folder.chmod(0o755)
    cluster = clusters.open_cluster(folder, settings={"fsync": "off", "max_connections": "200"})
    clusters.initialise(cluster)
    clusters.start(cluster)
    try:
        yield f"host={cluster.socket} user={clusters.OWNER}"
    finally:
        clusters.stop(cluster)
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
