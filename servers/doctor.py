"""Tells which server programs there are, which were chosen and why, and where everything lies."""

import os
import platform

from servers import binaries
from servers.accounts import server_account
from servers.errors import LaunchRefused
from servers.home import Home
from servers.places import data_major
from servers.private import Private


def tell() -> None:
    print(f"Python      {platform.python_version()} on {platform.system()} {platform.machine()}")
    account = server_account()
    print(f"Account     {account.name if account else 'your own'} runs the private servers")
    _tell_given("DATABASE_URL")
    _tell_given("REDIS_URL")
    private = Private(Home.of_environment())
    postgres, valkey = private.postgres(), private.valkey()
    for programs in (*binaries.all_postgres(), *binaries.all_valkey()):
        print(f"Found       {programs}, {programs.folder}")
    major = data_major(postgres.data) if postgres else None
    print(f"Chosen      {_choice(major)}")
    print(f"Home        {private.home.folder}")
    for name, server in (("PostgreSQL", postgres), ("Valkey", valkey)):
        if server is None:
            print(f"{name:<12}never started here")
        else:
            print(f"{name:<12}{_state(server.pid())}, data in {server.data}")


def _choice(major: int | None) -> str:
    why = f"the data are of PostgreSQL {major}" if major else "the first that works here"
    try:
        return f"{binaries.postgres(major=major)} ({why}); {binaries.valkey()}"
    except LaunchRefused as refusal:
        return f"none. {refusal}"


def _tell_given(name: str) -> None:
    if os.environ.get(name):
        print(f"{name:<12} is set and wins: no private server is started for it")


def _state(pid: int | None) -> str:
    return f"runs (process {pid})" if pid else "stopped"
