"""Every dependency says what it is for and what would take its place."""

from __future__ import annotations

import re
import tomllib

from tests.docs.examples import ROOT

NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")


def test_each_dependency_is_accounted_for_once_and_no_other() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [NAME.match(line)[0] for line in sum(extras, project["dependencies"])]
    told = re.findall(r"^\| ([^|]+) \|([^|]+)\|([^|]+)\|$", text(), re.MULTILINE)
    assert all(purpose.strip() and instead.strip() for _, purpose, instead in told)
    names = [name for names, *_ in told for name in names.split(", ")]
    assert sorted(set(names) - {"Distribution", "---"}) == sorted({*wanted} - {"tonggao"})
    assert len(names) == len(set(names)) + 2 * (text().count("| Distribution |") - 1)


def text() -> str:
    return (ROOT / "docs" / "dependencies.md").read_text("utf-8")
