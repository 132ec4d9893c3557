"""`manage.py up`: everything the hub needs, started in order, kept running, stopped together."""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hub.operations import frontend, own_servers
from hub.operations.bootstrap import Progress
from hub.operations.data_folder import DataFolder, InUse
from hub.operations.local import child
from hub.operations.local.child import LocalServerError
from hub.operations.local.postgres import Postgres
from hub.operations.local.valkey import Valkey
from hub.operations.prepared import Prepared
from hub.operations.supervisor import Service, Supervisor
from hub.settings_sources import socket_folder

READY_SECONDS = 60
_MEANWHILE = {
    "PostgreSQL": "Until then everything waits, and nothing is lost.",
    "Valkey": "Until then work is found within seconds instead of at once; nothing is lost.",
    "web server": "Until then nobody can call the hub. What it had acknowledged is stored.",
    "worker": "What it was at is carried on when its leases have lapsed, within half a minute.",
    "scheduler": "Until then no schedule fires; what is due then is made up for.",
    "sandboxes": "Until then Directory Services and Exstream do not answer. Their state is kept.",
}
"""What the death of a process means, for whoever reads that it died."""


class StartError(Exception):
    """The hub cannot start. The message says why and what to do."""


def main(root: Path, arguments: list[str]) -> int:
    options = _parse(arguments)
    return Hub(root, options, Progress()).run()


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py up", description="Start the hub and keep it running.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="port of the hub")
    parser.add_argument("--otds-port", type=int, default=8101, help="port of the Directory Services sandbox")
    parser.add_argument("--exstream-port", type=int, default=8102, help="port of the Exstream sandbox")
    parser.add_argument("--no-sandboxes", action="store_true", help="start without the two sandboxes")
    parser.add_argument("--workers", type=int, default=1, help="number of worker processes")
    parser.add_argument("--threads", type=int, default=16, help="threads of each worker")
    parser.add_argument("--data", type=Path, help="data folder (also LOCKGATE_DATA)")
    return parser.parse_args(arguments)


@dataclass(repr=False)
class Hub:
    """One start of the hub, from the lock on its data folder to the last process stopped."""

    root: Path
    options: argparse.Namespace
    progress: Progress
    supervisor: Supervisor = field(init=False)
    env: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.supervisor = Supervisor(self.progress.say)
        data = self.options.data or Path(os.environ.get("LOCKGATE_DATA") or self.root / "var")
        self.data = DataFolder(data.resolve())
        self.url = os.environ.get("LOCKGATE_PUBLIC_URL") or f"http://{self.options.host}:{self.options.port}"
        self._postgres: Postgres | None = None
        self._valkey: Valkey | None = None
        self._building: subprocess.Popen[bytes] | None = None
        self._command: subprocess.Popen[str] | None = None

    def run(self) -> int:
        try:
            self.data.hold()
        except InUse as used:
            return self._say_in_use(used)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop_early)
        try:
            self._start()
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, self.supervisor.ask_to_stop)
            self.supervisor.watch()
            self.progress.say("Stopping")
        except (StartError, LocalServerError, frontend.FrontendError) as problem:
            print(f"\n{problem}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            self.progress.say("Stopped before it was ready")
            return 130
        finally:
            self._stop()
        self.progress.say("Everything has stopped. All data is kept in " + str(self.data.path))
        return 0

    def _stop_early(self, *_: object) -> None:
        raise KeyboardInterrupt

    def _say_in_use(self, used: InUse) -> int:
        where = used.other.get("url")
        print(
            f"Lockgate already runs on {self.data.path}"
            + (f" at {where}" if where else "")
            + (f" (process {used.other['pid']})" if "pid" in used.other else "")
            + ".\nNothing was started. Stop it with Ctrl-C where it runs, or start a second hub beside it with\n"
            "  manage.py up --data OTHER-FOLDER --port 8001 --otds-port 8111 --exstream-port 8112",
            file=sys.stderr,
        )
        return 1

    # Starting

    def _start(self) -> None:
        self._refuse_taken_ports()
        self._begin_frontend()
        self.env = self._environment()
        self._start_servers()
        if not self.options.no_sandboxes:
            self._add_sandboxes()
        self._prepare()
        self._add_hub()
        # Begun beside the workers that carry it out, because all of them have much to load first.
        job = None if self.options.no_sandboxes else self._begin("first_job")
        self._finish_frontend()
        self._wait_until_ready()
        self.data.tell({"pid": os.getpid(), "url": self.url})
        done = ""
        if job is not None:
            self.progress.say("Running the provisioning template against the sandboxes")
            done = self._finish("first_job", job)
        self._print_summary(done)

    def _ports(self) -> list[tuple[str, int, str]]:
        ports = [("hub", self.options.port, "--port")]
        if not self.options.no_sandboxes:
            ports.append(("Directory Services sandbox", self.options.otds_port, "--otds-port"))
            ports.append(("Exstream sandbox", self.options.exstream_port, "--exstream-port"))
        return ports

    def _refuse_taken_ports(self) -> None:
        for name, port, option in self._ports():
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((self.options.host, port))
                except OSError as error:
                    raise StartError(
                        f"The {name} cannot listen on {self.options.host}:{port}: {error.strerror}. "
                        f"Free the port, or choose another with {option}."
                    ) from None

    def _begin_frontend(self) -> None:
        if (self.root / "frontend" / "package-lock.json").exists() and not frontend.is_current(self.root):
            self.progress.say("Building the front end")
            self.data.logs.mkdir(parents=True, exist_ok=True)
            code = "import sys; from pathlib import Path; from hub.operations import frontend\n"
            code += "try: frontend.build(Path(sys.argv[1]))\nexcept frontend.FrontendError as e: sys.exit(str(e))"
            (self.data.logs / "frontend.log").unlink(missing_ok=True)
            self._building = child.start(
                [sys.executable, "-c", code, self.root], log=self.data.logs / "frontend.log", cwd=self.root
            )

    def _finish_frontend(self) -> None:
        if self._building is None:
            return
        if self._building.wait() != 0:
            raise StartError(child.tail_of(self.data.logs / "frontend.log", 20))
        self.progress.say("The front end is built")

    def _prepare(self) -> None:
        prepared = Prepared(self.root, self.data.path / "prepared.json", self.env["DATABASE_URL"])
        if self._postgres is not None and prepared.is_true():
            return
        self.progress.say("Bringing the database up to date")
        self._finish("prepare", self._begin("prepare"))
        if self._postgres is not None:
            prepared.write()

    def _environment(self) -> dict[str, str]:
        env = dict(os.environ)
        env["LOCKGATE_DATA"] = str(self.data.path)
        env.setdefault("LOCKGATE_SECRET_KEY", self.data.secret("secret-key"))
        env.setdefault("LOCKGATE_ADMIN_PASSWORD", self.data.secret("admin-password", length=12))
        env["LOCKGATE_PUBLIC_URL"] = self.url
        env["PYTHONUNBUFFERED"] = "1"
        # Else glibc keeps a heap for each of many threads that hold little.
        env.setdefault("MALLOC_ARENA_MAX", "2")
        # Where it is set, as in many containers, each of our processes would compile everything again at every start.
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        if not self.options.no_sandboxes:
            # The sandboxes listen on this machine, where a connector may reach nothing else.
            ports = (self.options.otds_port, self.options.exstream_port)
            allowed = [env.get("LOCKGATE_EGRESS_ALLOW", ""), *(f"127.0.0.1:{port}" for port in ports)]
            env["LOCKGATE_EGRESS_ALLOW"] = ",".join(part for part in allowed if part)
        return env

    def _start_servers(self) -> None:
        self.data.logs.mkdir(parents=True, exist_ok=True)
        run = socket_folder(self.data.path)
        if "DATABASE_URL" not in self.env:
            self.progress.say("Starting PostgreSQL")
            self._postgres = Postgres(self.data.path / "postgres", run, self.data.logs / "postgres.log")
            self._postgres.start()
            self.env["DATABASE_URL"] = self._postgres.url
            self.supervisor.services.append(_watched("PostgreSQL", self._postgres, self._restart_postgres))
        else:
            self.progress.say(f"Using PostgreSQL at {own_servers.where(self.env['DATABASE_URL'])} (DATABASE_URL)")
            if trouble := own_servers.trouble_with_database(self.env["DATABASE_URL"]):
                raise StartError(trouble)
        if "REDIS_URL" not in self.env:
            self.progress.say("Starting Valkey")
            self._valkey = Valkey(self.data.path / "valkey", run, self.data.logs / "valkey.log")
            self._valkey.start()
            self.env["REDIS_URL"] = self._valkey.url
            self.supervisor.services.append(_watched("Valkey", self._valkey, self._restart_valkey))
        else:
            self.progress.say(f"Using Redis at {own_servers.where(self.env['REDIS_URL'])} (REDIS_URL)")
            if trouble := own_servers.trouble_with_broker(self.env["REDIS_URL"]):
                self.progress.say(trouble)

    def _restart_postgres(self) -> subprocess.Popen[bytes] | None:
        assert self._postgres is not None  # noqa: S101
        self._postgres.start()
        return self._postgres.child

    def _restart_valkey(self) -> subprocess.Popen[bytes] | None:
        assert self._valkey is not None  # noqa: S101
        self._valkey.start()
        return self._valkey.child

    def _add(self, name: str, role: str, command: list[str]) -> None:
        log = self.data.logs / f"{name.replace(' ', '-')}.log"
        meanwhile = _MEANWHILE.get("worker" if role == "worker" else name, "")
        self.supervisor.add(Service(name, command, self.env | {"LOCKGATE_ROLE": role}, log, meanwhile=meanwhile))

    def _add_sandboxes(self) -> None:
        self.progress.say("Starting the sandboxes")
        about = self.data.path / "run" / "sandbox.json"
        about.parent.mkdir(exist_ok=True)
        about.unlink(missing_ok=True)
        command = [sys.executable, "manage.py", "sandbox", "--data", str(self.data.path / "sandboxes"),
                   "--otds-port", str(self.options.otds_port), "--exstream-port", str(self.options.exstream_port),
                   "--about", str(about)]  # fmt: skip
        self._add("sandboxes", "command", command)

    def _add_hub(self) -> None:
        self.progress.say("Starting the web server, the workers and the scheduler")
        python = sys.executable
        listen = ["--host", self.options.host, "--port", str(self.options.port)]
        web = ["granian", "--interface", "wsgi", *listen, "--workers", "1", "--blocking-threads", "32", "--no-ws"]
        web += ["--log-level", "warning", "--respawn-failed-workers", "hub.wsgi:application"]
        self._add("web server", "web", [python, "-m", *web])
        for number in range(1, self.options.workers + 1):
            name = "worker" if self.options.workers == 1 else f"worker {number}"
            worker = ["celery", "--quiet", "-A", "hub.celery:app", "worker", "--pool", "threads"]
            worker += ["--loglevel", "warning", "--concurrency", str(self.options.threads)]
            worker += ["--hostname", f"worker{number}@%h"]
            self._add(name, "worker", [python, "-m", *worker, "--without-gossip", "--without-mingle"])
        self._add("scheduler", "scheduler", [python, "manage.py", "scheduler"])

    def _begin(self, command: str) -> subprocess.Popen[str]:
        self._command = subprocess.Popen(
            [sys.executable, "manage.py", command],
            cwd=self.root, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
            preexec_fn=child.die_with_parent(),  # noqa: PLW1509 - no threads run yet
        )  # fmt: skip
        return self._command

    def _finish(self, command: str, begun: subprocess.Popen[str]) -> str:
        """What it printed. Raises StartError when it failed."""
        said, complained = begun.communicate()
        if begun.returncode != 0:
            tail = "\n  ".join((said + complained).strip().splitlines()[-15:])
            raise StartError(f'"manage.py {command}" failed:\n  {tail}')
        return said

    def _wait_until_ready(self) -> None:
        local = f"http://{self.options.host}:{self.options.port}/health/ready"
        waiting: list[tuple[str, Callable[[], bool]]] = [("web server", lambda: _answers(local))]
        about = self.data.path / "run" / "sandbox.json"
        if not self.options.no_sandboxes:
            waiting.append(("sandboxes", about.exists))
        deadline = time.monotonic() + READY_SECONDS
        while waiting:
            waiting = [(name, is_ready) for name, is_ready in waiting if not is_ready()]
            for service in self.supervisor.services:
                self.supervisor._look_at(service)
            if waiting and time.monotonic() > deadline:
                names = " and ".join(name for name, _ in waiting)
                logs = "\n".join(
                    child.tail_of(self.data.logs / f"{name.replace(' ', '-')}.log") for name, _ in waiting
                )
                raise StartError(
                    f"The {names} did not become ready within {READY_SECONDS} s. The end of the log:\n{logs}"
                )
            time.sleep(0.05)

    def _print_summary(self, done: str) -> None:
        self.progress.say("Ready")
        lines = [""]
        if done.strip():
            lines += [done.rstrip(), ""]
        lines += [f"Lockgate              {self.url}", "  sign in as          admin"]
        lines += [f"  with the password   {self.env['LOCKGATE_ADMIN_PASSWORD']}"]
        if not self.options.no_sandboxes:
            host = self.options.host
            lines += [f"Directory Services    http://{host}:{self.options.otds_port}/_sandbox  (sandbox)"]
            lines += [f"Exstream              http://{host}:{self.options.exstream_port}/_sandbox  (sandbox)"]
        lines += [f"Data and logs         {self.data.path}", "", "Press Ctrl-C to stop everything.", ""]
        print("\n".join(lines), flush=True)

    # Stopping

    def _stop(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        if self._building is not None and self._building.poll() is None:
            child.stop(self._building)
        if self._command is not None:
            child.stop(self._command)
        servers = {"PostgreSQL", "Valkey"}
        self.supervisor.services = [service for service in self.supervisor.services if service.name not in servers]
        self.supervisor.stop()
        if self._valkey is not None:
            self._valkey.stop()
        if self._postgres is not None:
            self._postgres.stop()


@dataclass
class _Watched(Service):
    """A server that starts itself."""

    restart: Callable[[], subprocess.Popen[bytes] | None] = lambda: None

    def start(self) -> None:
        self.process = self.restart()
        self.started_at = time.monotonic()
        self.start_again_at = None


def _watched(name: str, server: Postgres | Valkey, restart: Callable[[], subprocess.Popen[bytes] | None]) -> Service:
    return _Watched(
        name, [], {}, server.log, process=server.child, started_at=time.monotonic(), restart=restart,
        meanwhile=_MEANWHILE[name],
    )  # fmt: skip


def _answers(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2) as reply:
            return bool(reply.status == 200 and json.loads(reply.read())["status"] == "ok")
    except (OSError, ValueError, urllib.error.URLError):
        return False
