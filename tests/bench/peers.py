"""Other programs that carry files from one computer to another, by the commands that their manuals name.

Each step is one ``bash`` line; ``{input}`` is the folder to send, ``{store}`` what lies on the stick, ``{out}`` where
the receiver unpacks, ``{work}`` scratch. A damaged store is rescued by ``rescue``, the way that the manual gives.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LONGEST = 1 << 20  # of what a command says


@dataclass(frozen=True)
class Peer:
    """A program, what it needs on this computer, and its commands; ``prepare`` is not timed."""

    name: str
    programs: tuple[str, ...]
    encrypted: bool
    pack: str
    check: str
    unpack: str
    rescue: str
    prepare: str = "true"
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def lacking(self) -> tuple[str, ...]:
        """Programs that this computer does not have."""
        return tuple(name for name in self.programs if shutil.which(name) is None)


PEERS: Sequence[Peer] = (
    Peer(
        name="restic",
        programs=("restic",),
        encrypted=True,
        environment={"RESTIC_PASSWORD": "mat-khau-mau", "RESTIC_REPOSITORY": "{store}/r"},
        pack="restic init -q && cd {input} && restic backup -q --no-cache .",
        check="restic check -q --no-cache --read-data",
        unpack="restic restore -q --no-cache --no-lock latest --target {out}",
        rescue="restic rebuild-index -q; restic restore -q --no-cache --no-lock latest --target {out}",
    ),
    Peer(
        name="borg",
        programs=("borg",),
        encrypted=True,
        environment={
            "BORG_PASSPHRASE": "mat-khau-mau",
            "BORG_REPO": "{store}/b",
            "BORG_BASE_DIR": "{work}/borg",
            "BORG_CHECK_I_KNOW_WHAT_I_AM_DOING": "YES",
            "BORG_RELOCATED_REPO_ACCESS_IS_OK": "yes",
        },
        pack="borg init -e repokey-blake2 2>/dev/null && cd {input} && borg create ::a .",
        check="borg check --verify-data",
        unpack="cd {out} && borg extract ::a",
        rescue="borg check --repair --verify-data; cd {out} && borg extract ::a",
    ),
    Peer(
        name="git bundle",
        programs=("git",),
        encrypted=False,
        environment={"GIT_DIR": "{work}/g", "GIT_WORK_TREE": "{input}", "GIT_CONFIG_GLOBAL": "/dev/null"},
        prepare="git init -q && git config user.email mau@example.org && git config user.name mau",
        pack="git add -A && git commit -q -m mau && git bundle create -q {store}/a.bundle HEAD",
        check="git bundle verify -q {store}/a.bundle",
        unpack="env -u GIT_DIR -u GIT_WORK_TREE git clone -q {store}/a.bundle {out}/c",
        rescue="false",
    ),
    Peer(
        name="zip",
        programs=("zip", "unzip"),
        encrypted=False,
        environment={"UNZIP_DISABLE_ZIPBOMB_DETECTION": "TRUE"},
        pack="cd {input} && zip -q -r {store}/a.zip .",
        check="unzip -tqq {store}/a.zip",
        unpack="unzip -qq -o {store}/a.zip -d {out}",
        rescue="yes | zip -FF {store}/a.zip --out {work}/f.zip; unzip -qq -o {work}/f.zip -d {out}",
    ),
    Peer(
        name="zip + age",
        programs=("zip", "unzip", "age", "age-keygen"),
        encrypted=True,
        prepare="age-keygen -o {work}/key 2>/dev/null && age-keygen -y {work}/key > {work}/recipient",
        pack="cd {input} && zip -q -r {work}/p.zip . && age -R {work}/recipient -o {store}/a.zip.age {work}/p.zip",
        check="age -d -i {work}/key {store}/a.zip.age > /dev/null",
        unpack="age -d -i {work}/key -o {work}/a.zip {store}/a.zip.age && unzip -qq -o {work}/a.zip -d {out}",
        rescue="age -d -i {work}/key {store}/a.zip.age > {work}/b.zip; "
        "yes | zip -FF {work}/b.zip --out {work}/f.zip; unzip -qq -o {work}/f.zip -d {out}",
        environment={"UNZIP_DISABLE_ZIPBOMB_DETECTION": "TRUE"},  # a repaired ZIP looks like one
    ),
)


@dataclass(frozen=True)
class Ran:
    """How a command went: its exit code, seconds, and the peak memory (MB) of its hungriest process."""

    code: int
    seconds: float
    peak: int
    output: str


def measured(command: Sequence[str], environment: Mapping[str, str], cwd: Path, limit: float = 3600) -> Ran:
    """Run a command; memory is what the kernel counted for it and those that it waited for."""
    log = cwd / "output.txt"
    begun = time.perf_counter()
    with open(log, "wb") as stream:
        actions = [(os.POSIX_SPAWN_DUP2, stream.fileno(), 1), (os.POSIX_SPAWN_DUP2, stream.fileno(), 2)]
        # Not fork: what this process holds in memory would be counted for the child.
        process = os.posix_spawnp(command[0], list(command), {**os.environ, **environment}, file_actions=actions)
    _pid, status, used = os.wait4(process, 0)
    seconds = time.perf_counter() - begun
    if seconds > limit:
        raise TimeoutError(f"{command}: {seconds:.0f} s")
    text = log.read_bytes()[-LONGEST:].decode("utf-8", "replace")
    return Ran(os.waitstatus_to_exitcode(status), seconds, used.ru_maxrss // 1024, text)


class Job:
    """One peer with the folders of one run."""

    def __init__(self, peer: Peer, source: Path, place: Path) -> None:
        self.peer = peer
        self.store, self.out, self.work = place / "store", place / "out", place / "work"
        self._names = {"input": source, "store": self.store, "out": self.out, "work": self.work}
        for folder in (self.store, self.out, self.work):
            folder.mkdir(parents=True)
        self._shell(peer.prepare)

    def _shell(self, line: str) -> Ran:
        names = {name: str(path) for name, path in self._names.items()}
        environment = {name: value.format(**names) for name, value in self.peer.environment.items()}
        command = f"set -o pipefail; {line.format(**names)}"
        return measured(["bash", "-c", command], environment, self.work)

    def pack(self) -> Ran:
        """Write the store, and bring it to the medium (some do that themselves, some do not)."""
        ran = self._shell(self.peer.pack)
        return Ran(ran.code, ran.seconds + flushed(self.store), ran.peak, ran.output)

    def check(self) -> Ran:
        """Does the program find its own store sound?"""
        return self._shell(self.peer.check)

    def unpack(self) -> Ran:
        """Everything back, on the medium."""
        self._empty()
        ran = self._shell(self.peer.unpack)
        return Ran(ran.code, ran.seconds + flushed(self.out), ran.peak, ran.output)

    def rescue(self) -> Ran:
        """As much as the manual knows how to get out of a damaged store."""
        self._empty()
        for name in ("f.zip", "b.zip", "a.zip"):
            (self.work / name).unlink(missing_ok=True)
        return self._shell(self.peer.rescue)

    def _empty(self) -> None:
        shutil.rmtree(self.out)
        self.out.mkdir()


def flushed(folder: Path) -> float:
    """Seconds until all files below are on the medium."""
    begun = time.perf_counter()
    for path in folder.rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
    return time.perf_counter() - begun


def size_of(folder: Path) -> int:
    """Bytes of all files below."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
