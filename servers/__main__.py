"""The command line of the launcher.

run        everything, until Ctrl-C: what `make run` does
stop       the private servers
shell-env  start the private servers, leave them running, print how to reach them from a shell
doctor     which server programs were found, which are used, and where everything lies
"""

import argparse
import shlex
import sys
from collections.abc import Callable

from servers import doctor, run
from servers.errors import LaunchRefused
from servers.home import Home
from servers.private import Private, running


def main() -> int:
    commands: dict[str, Callable[[], None]] = {
        "run": run.run,
        "stop": _stop,
        "shell-env": _shell_env,
        "doctor": doctor.tell,
    }
    parser = argparse.ArgumentParser(
        prog="python -m servers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=sorted(commands))
    chosen = parser.parse_args()
    try:
        commands[chosen.command]()
    except LaunchRefused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def _stop() -> None:
    Private(Home.of_environment()).stop()


def _shell_env() -> None:
    """Start the private servers, leave them running, print how to reach them from a shell."""
    home = Home.of_environment()
    with running(report=lambda line: print(line, file=sys.stderr)) as urls:
        home.make()
        home.take_note(stay=True)
        for name, value in urls.environment().items():
            print(f"export {name}={shlex.quote(value)}")


if __name__ == "__main__":
    sys.exit(main())
