"""Lines of the pure areas that their own tests reach. Exit code 1 where an area is below the floor.

Areas and tests are those of ``[tool.mutmut]`` in pyproject.toml: what is mutated is what is counted. The tests
run in this process's workers; none of these areas does its work in a process of another kind.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FLOOR = 90
"""Lines of a hundred, of each area."""


def main() -> int:
    """Run the tests, print every file with the lines that none reached, then each area's share."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    areas = [pattern.removesuffix("/*.py") for pattern in settings["only_mutate"]]
    tests = settings["pytest_add_cli_args_test_selection"]
    counted = [f"--cov={area}" for area in areas]
    how = ["-q", "-n", "2", "--dist", "loadscope", "--cov-report=term-missing:skip-covered"]
    if code := _run("pytest", *how, *counted, *tests):
        return code
    low = [area for area in areas if not _reaches_floor(area)]
    print(f"below {FLOOR} in 100 lines: {', '.join(low) or 'none'}")
    return int(bool(low))


def _reaches_floor(area: str) -> bool:
    print(f"\n{area}", flush=True)
    only = (f"--include={area}/*", "--format=total")
    return not _run("coverage", "report", *only, f"--fail-under={FLOOR}")


def _run(module: str, *arguments: str) -> int:
    done = subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, check=False)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
