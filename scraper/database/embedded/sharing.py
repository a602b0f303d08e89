"""Many processes, one embedded server: who uses it, who starts it, who stops it.

Three locks of the operating system (``flock``), which the kernel lets go when their holder dies,
however it dies:

- ``users.lock``, shared: held by each process that uses the server, for as long as it does;
- ``start.lock``, exclusive: held while somebody makes or starts the server;
- ``keeper.lock``, exclusive: held by the keeper, a small process that waits until nobody holds
  ``users.lock`` and then stops the server. It inherits the lock from the process that starts it, so
  there is one keeper; one that was killed is replaced by the next user.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scraper.database.embedded.cluster import Cluster, initialise, server_pid, start, stop
from scraper.database.embedded.locks import hold, locked
from scraper.database.embedded.upgraded import finish
from scraper.errors import EmbeddedServerError

_USERS = "users.lock"
_STAY = "stay"  # a file of this name says that the server outlives its users


@contextmanager
def used(cluster: Cluster, report: Callable[[str], None] = lambda _: None) -> Iterator[None]:
    """The server runs while the block does; it is started when it does not run yet.

    Raises:
        EmbeddedServerError: the server cannot be made or started.
    """
    with locked(cluster.folder / _USERS, fcntl.LOCK_SH):
        came = time.time_ns()
        os.utime(cluster.folder / _USERS, ns=(came, came))  # for the keeper, see ``keep``
        ensure_running(cluster, report)
        yield


def ensure_running(cluster: Cluster, report: Callable[[str], None] = lambda _: None) -> None:
    """Start the server when it does not run, and its keeper unless it is to stay."""
    with locked(cluster.folder / "start.lock", fcntl.LOCK_EX):
        if server_pid(cluster) is None:
            report("starting the embedded database …")
        finish(cluster.folder, cluster.data)  # an upgrade that was killed when all was carried over
        initialise(cluster)
        start(cluster, report)
        if not stays(cluster):
            _ensure_keeper(cluster)


def stays(cluster: Cluster) -> bool:
    """Whether the server was told to outlive its users."""
    return (cluster.folder / _STAY).exists()


def start_to_stay(cluster: Cluster, report: Callable[[str], None] = lambda _: None) -> None:
    """Start the server for good: it runs until ``stop_now``."""
    (cluster.folder / _STAY).touch()
    ensure_running(cluster, report)


def stop_now(cluster: Cluster, *, force: bool = False) -> None:
    """Stop the server, and no longer let it outlive its users.

    Raises:
        EmbeddedServerError: a process still uses it and ``force`` was not given.
    """
    (cluster.folder / _STAY).unlink(missing_ok=True)
    with locked(cluster.folder / "start.lock", fcntl.LOCK_EX):
        if not force and in_use(cluster):
            raise EmbeddedServerError(
                "a tonggao process still uses the database; it stops by itself after the last one, "
                "or end it with `tonggao db stop --force`"
            )
        stop(cluster)


def in_use(cluster: Cluster) -> bool:
    """Whether any process uses the server."""
    try:
        with locked(cluster.folder / _USERS, fcntl.LOCK_EX | fcntl.LOCK_NB):
            return False
    except BlockingIOError:
        return True


def keep(cluster: Cluster, wait: Callable[[], None], held: int) -> None:
    """The keeper's work: wait for the last user to go, then stop the server.

    Who came and went during the linger begins it anew: the server stays up so long after its last user.

    Args:
        cluster: which one.
        wait: lets the linger pass.
        held: the descriptor that holds ``keeper.lock``, from whoever started the keeper.
    """
    try:
        while True:
            with locked(cluster.folder / _USERS):
                came = _last_came(cluster)
            wait()
            if _last_came(cluster) != came:
                continue
            with locked(cluster.folder / "start.lock"):
                if _is_over(cluster):
                    os.close(held)  # before anybody looks whether there is a keeper
                    return
    except BaseException:
        os.close(held)
        raise


def _last_came(cluster: Cluster) -> int:
    return (cluster.folder / _USERS).stat().st_mtime_ns


def _is_over(cluster: Cluster) -> bool:
    """Stop the server if nobody uses it; whether no keeper is needed any more."""
    if server_pid(cluster) is None or stays(cluster):
        return True
    try:
        with locked(cluster.folder / _USERS, fcntl.LOCK_EX | fcntl.LOCK_NB):
            stop(cluster)
    except BlockingIOError:
        return False  # somebody came in the meantime: wait for them too
    return True


def _ensure_keeper(cluster: Cluster) -> None:
    """Start the keeper unless there is one. It inherits the lock, so there is never a second."""
    try:
        held = hold(cluster.folder / "keeper.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    command = [sys.executable, "-m", "scraper.database.embedded.keeper", str(cluster.folder)]
    try:
        subprocess.Popen(  # noqa: S603  (ourselves, no shell)
            [*command, cluster.account.name, str(cluster.linger), str(held)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=(held,),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
            cwd="/",
        )
    finally:
        os.close(held)
