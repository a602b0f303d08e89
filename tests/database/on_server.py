"""Run a command against a fresh server of a release: ``python -m tests.database.on_server 15 COMMAND …``.

The server's connection string is in TONGGAO_TEST_SERVER. Where the release is not on this machine that
is said, and the command runs on what is there instead.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack

from tests.database.servers import DEBIAN, running


def main(release: str, *command: str) -> int:
    """The command's exit code."""
    wanted = DEBIAN / release / "bin"
    found = sorted(DEBIAN.glob("*/bin/initdb"))
    with ExitStack() as stack:
        environment = dict(os.environ)
        if (wanted / "initdb").exists():
            programs = wanted
        elif found:
            programs = found[0].parent
            print(f"PostgreSQL {release} is NOT on this machine: {programs} is tested instead")
        else:
            print(f"PostgreSQL {release} is NOT on this machine: the embedded one is tested instead")
            return subprocess.run(command, env=environment, check=False).returncode
        environment["TONGGAO_TEST_SERVER"] = stack.enter_context(running(programs))
        print(f"tested on the server of {programs}", flush=True)
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
