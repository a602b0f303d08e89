"""Run a command against a fresh server of a release: ``python -m tests.database.on_server 15 COMMAND …``.

The server's connection string is in TONGGAO_TEST_SERVER while the command runs. Release 18 is the
embedded server, which every test process starts for itself; any other one is Debian's package, and
where that is not installed this is said and nothing is run.
"""

from __future__ import annotations

import os
import subprocess
import sys

from scraper.database.embedded.binaries import wheel_programs
from tests.database.servers import DEBIAN, running


def main(release: str, *command: str) -> int:
    """The command's exit code; 0 where the release is not on this machine."""
    own = wheel_programs()
    if (
        subprocess.check_output([own / "postgres", "--version"], text=True)
        .split()[-1]
        .startswith(f"{release}.")
    ):
        print(f"tested on PostgreSQL {release}, the embedded one of {own}", flush=True)
        return subprocess.run(command, check=False).returncode
    programs = DEBIAN / release / "bin"
    if not (programs / "initdb").exists():
        print(f"PostgreSQL {release} is NOT on this machine ({programs}): nothing was tested on it")
        return 0
    with running(programs) as server:
        print(f"tested on PostgreSQL {release}, Debian's in {programs}", flush=True)
        return subprocess.run(
            command, env={**os.environ, "TONGGAO_TEST_SERVER": server}, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
