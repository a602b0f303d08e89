"""The systemd unit: systemd understands it, and its command works as its user, umask and environment."""

from __future__ import annotations

import configparser
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import scheduler

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
UNIT = Path(scheduler.__path__[0]) / "systemd" / "tonggao.service"
READY_SECONDS = 120.0


@pytest.fixture(scope="module")
def service() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's names have capitals
    parser.read_string(UNIT.read_text("utf-8"))
    return parser["Service"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
def test_systemd_understands_it(service: configparser.SectionProxy, tmp_path: Path) -> None:
    program = service["ExecStart"].split()[0]
    ours = UNIT.read_text("utf-8").replace(program, "/bin/true")
    for name in ("User", "Group"):
        ours = ours.replace(f"{name}={service[name]}", f"{name}=root")
    (tmp_path / UNIT.name).write_text(ours, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / UNIT.name)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def interpreter(uid: int) -> str:
    """A Python of our version that a user may run: ours may lie in somebody's home."""
    same = f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]!r})"
    for each in (sys.executable, "/usr/bin/python3"):
        try:
            done = subprocess.run([each, "-c", same], user=uid, check=False, cwd="/")
        except OSError:
            continue
        if done.returncode == 0:
            return each
    pytest.skip("no Python of this version that the service's user may run")


@pytest.fixture
def state() -> Iterator[Path]:
    """The StateDirectory, as systemd makes it: the user's own."""
    place = Path(tempfile.mkdtemp(prefix="tonggao-unit-"))
    user = pwd.getpwnam("nobody")
    os.chown(place, user.pw_uid, user.pw_gid)
    place.chmod(0o755)
    yield place
    for _ in range(1_000):  # the server may still write its last
        shutil.rmtree(place, ignore_errors=True)
        if not place.exists():
            return
    shutil.rmtree(place)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs another user")
@pytest.mark.usefixtures("open_to_others")
def test_its_command_works_as_its_user(service: configparser.SectionProxy, state: Path) -> None:
    user = pwd.getpwnam("nobody")
    python = interpreter(user.pw_uid)
    program, *arguments = service["ExecStart"].split()
    assert Path(program).name == "tonggao"
    environment = dict(each.split("=", 1) for each in service["Environment"].split())
    assert environment["TONGGAO_DATA_DIR"] == f"/var/lib/{service['StateDirectory']}"
    told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    told.bind(str(state / "notify"))
    (state / "notify").chmod(0o777)
    told.settimeout(READY_SECONDS)
    environment |= {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": os.pathsep.join([str(ROOT), sysconfig.get_path("purelib")]),
        "TONGGAO_DATA_DIR": str(state),
        "TONGGAO_EMBEDDED_LINGER": "0",
        "NOTIFY_SOCKET": str(state / "notify"),
    }
    process = subprocess.Popen(
        [python, "-m", "scheduler", *arguments],
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=[],
        umask=int(service["UMask"], 8),
        cwd="/",
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        while b"READY=1" not in told.recv(4096):
            pass
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=int(service["TimeoutStopSec"]))
    finally:
        process.kill()
        told.close()
    assert process.returncode == 0, said
    assert "Traceback" not in said
    assert {each.stat().st_uid for each in state.iterdir() if each.name != "notify"} == {
        user.pw_uid
    }
