"""Lets a piece of Python run in a process of its own and ends that process at a chosen write to a file system.

Linux on x86-64 only, with the kernel's own means (ptrace and a seccomp filter, as strace uses them): every call that
changes a file or a folder (SQLite's own too) is a *point*, in the order in which they happen. A point can be hit in
three ways: the process dies before the call; for a write, after half of its bytes; or the call and all later ones are
refused by the system, as when the stick is full or was pulled out.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import platform
import signal
import struct
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

AVAILABLE = sys.platform == "linux" and platform.machine() == "x86_64"

# x86-64 numbers of calls that change files; those of the first group write from a descriptor (rdi) so many bytes (rdx).
WRITES = {1: "write", 18: "pwrite64"}
DESCRIPTORS = {20: "writev", 296: "pwritev", 74: "fsync", 75: "fdatasync", 77: "ftruncate", 285: "fallocate"}
PATHS = {
    82: "rename", 83: "mkdir", 84: "rmdir", 85: "creat", 86: "link", 87: "unlink", 88: "symlink", 90: "chmod",
    76: "truncate", 2: "open",
}  # fmt: skip
PATHS_AT = {
    257: "openat", 258: "mkdirat", 263: "unlinkat", 264: "renameat", 265: "linkat", 316: "renameat2", 268: "fchmodat",
}  # fmt: skip
OTHERS = {91: "fchmod", 40: "sendfile", 326: "copy_file_range"}
NAMES = {**WRITES, **DESCRIPTORS, **PATHS, **PATHS_AT, **OTHERS}

_TRACEME, _CONT, _GETREGS, _SETREGS, _SYSCALL, _SETOPTIONS = 0, 7, 12, 13, 24, 0x4200
_EXITKILL, _SYSGOOD, _TRACE_CLONE, _TRACE_SECCOMP = 0x100000, 1, 1 << 3, 1 << 7
_EVENT_SECCOMP = 7
_WALL = 0x40000000
_RAX, _RDX, _RSI, _RDI, _ORIG_RAX = 10, 12, 13, 14, 15
_CREATES = os.O_CREAT | os.O_TRUNC


@dataclass(frozen=True)
class Fault:
    """What happens at point ``at`` (0 is the first): the end, the end amid a write, or ``error`` from there on."""

    at: int
    torn: bool = False
    error: int = 0


class Unavailable(Exception):
    """This system does not let a process be stepped through."""


@dataclass(frozen=True)
class Point:
    """One call that would change a file: its name, the file, and how many bytes it writes (0: none)."""

    call: str
    path: str
    size: int


@dataclass(frozen=True)
class Steps:
    """What a stepped process did: the points that it reached, and how it ended (None: it was killed)."""

    points: tuple[Point, ...]
    code: int | None
    error: str = ""


def apart(action: Callable[[], T]) -> T:
    """What ``action`` returns (picklable), done in a child process so that nothing of it stays in this one."""
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receive)
        code = 0
        try:
            result = pickle.dumps((True, action()))
        except BaseException:
            result, code = pickle.dumps((False, traceback.format_exc())), 1
        with os.fdopen(send, "wb") as pipe:
            pipe.write(result)
        os._exit(code)
    os.close(send)
    with os.fdopen(receive, "rb") as pipe:
        content = pipe.read()
    os.waitpid(child, 0)
    if not content:
        raise RuntimeError("the child process died")
    good, value = pickle.loads(content)
    if not good:
        raise RuntimeError(value)
    result_: T = value
    return result_


def step(action: Callable[[], object], below: Path, fault: Fault | None = None) -> Steps:
    """Run ``action`` in a child; only calls that touch files below ``below`` are points.

    Raises:
        Unavailable: the system allows no tracing.
    """
    if not AVAILABLE:
        raise Unavailable("only on Linux, x86-64")
    errors_read, errors_write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(errors_read)
        _child(action, errors_write)
    os.close(errors_write)
    with suppress(OSError):
        os.setpgid(child, child)
    tracer = _Tracer(child, str(below), fault)
    code = tracer.run()
    with os.fdopen(errors_read, "rb") as pipe:
        error = pipe.read().decode("utf-8", "replace")
    return Steps(tuple(tracer.points), code, error)


def _child(action: Callable[[], object], errors: int) -> None:
    """The stepped process: ask to be traced, let only the calls that matter stop it, act, end."""
    code = 0
    try:
        with suppress(OSError):
            os.setpgid(0, 0)
        _ptrace(_TRACEME, 0, 0, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        _filter_calls()
        action()
    except BaseException:
        code = 1
        os.write(errors, traceback.format_exc().encode())
    finally:
        os._exit(code)


_libc: Any = ctypes.CDLL(None, use_errno=True) if AVAILABLE else None
if AVAILABLE:
    _libc.ptrace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)
    _libc.ptrace.restype = ctypes.c_long


def _ptrace(request: int, process: int, address: int, data: Any) -> int:
    answer = int(_libc.ptrace(request, process, address, data))
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"ptrace {request}: {os.strerror(number)}")
    return answer


def _filter_calls() -> None:
    """A seccomp filter: the calls of :data:`NAMES` are told to the tracer, all others run at full speed."""
    load, equal, give = 0x20, 0x15, 0x06
    trace, allow = 0x7FF00000, 0x7FFF0000
    numbers = sorted(NAMES)
    code = [struct.pack("HBBI", load, 0, 0, 0)]
    for place, number in enumerate(numbers):
        code.append(struct.pack("HBBI", equal, len(numbers) - place, 0, number))
    code += [struct.pack("HBBI", give, 0, 0, allow), struct.pack("HBBI", give, 0, 0, trace)]
    program = ctypes.create_string_buffer(b"".join(code))
    header = struct.pack("HxxxxxxQ", len(code), ctypes.addressof(program))
    no_new_privileges, set_seccomp, filter_mode = 38, 22, 2
    if _libc.prctl(no_new_privileges, 1, 0, 0, 0) or _libc.prctl(set_seccomp, filter_mode, header, 0, 0):
        raise OSError(ctypes.get_errno(), "no seccomp filter")


class _Tracer:
    """Follows one child and its threads from stop to stop."""

    def __init__(self, child: int, below: str, fault: Fault | None) -> None:
        self.points: list[Point] = []
        self._child, self._below, self._fault = child, below, fault
        self._registers = (ctypes.c_ulonglong * 27)()

    def run(self) -> int | None:
        """Exit code of the child; None where it was killed here."""
        try:
            _pid, status = os.waitpid(self._child, _WALL)
            if not os.WIFSTOPPED(status):
                raise Unavailable("the child could not be traced")
            _ptrace(_SETOPTIONS, self._child, 0, _EXITKILL | _SYSGOOD | _TRACE_CLONE | _TRACE_SECCOMP)
            _ptrace(_CONT, self._child, 0, 0)
        except OSError as error:
            os.kill(self._child, signal.SIGKILL)
            raise Unavailable(str(error)) from error
        code: int | None = None
        while True:
            try:
                process, status = os.waitpid(-self._child, _WALL)
            except ChildProcessError:
                return code
            if os.WIFSTOPPED(status):
                with suppress(ProcessLookupError):
                    self._stopped(process, status)
            elif process == self._child:
                code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
                if code is None and not (self._hit and not self._error):
                    raise RuntimeError(f"the child died of signal {os.WTERMSIG(status)}")

    @property
    def _hit(self) -> bool:
        return self._fault is not None and len(self.points) > self._fault.at

    @property
    def _error(self) -> int:
        return self._fault.error if self._fault is not None else 0

    def _stopped(self, process: int, status: int) -> None:
        event, number = status >> 16, os.WSTOPSIG(status)
        deliver = 0
        if event == _EVENT_SECCOMP:
            point = self._point(process)
            if point is not None and (self._error or not self._hit):
                self.points.append(point)
                if self._hit and not self._error:
                    self._end(process, point)
                    return
                if self._hit:
                    self._refuse(process)
        elif not event and number not in (signal.SIGTRAP, signal.SIGSTOP, signal.SIGTRAP | 0x80):
            deliver = number
        _ptrace(_CONT, process, 0, deliver)

    def _refuse(self, process: int) -> None:
        """Skip the call and let it return the error."""
        self._registers[_ORIG_RAX] = 2**64 - 1
        self._registers[_RAX] = 2**64 - self._error
        _ptrace(_SETREGS, process, 0, ctypes.byref(self._registers))

    def _end(self, process: int, point: Point) -> None:
        if self._fault is not None and self._fault.torn and point.size > 1:
            self._registers[_RDX] = point.size // 2
            _ptrace(_SETREGS, process, 0, ctypes.byref(self._registers))
            _ptrace(_SYSCALL, process, 0, 0)  # to where the call returns
            os.waitpid(process, _WALL)
        os.kill(self._child, signal.SIGKILL)

    def _point(self, process: int) -> Point | None:
        """What the stopped call is about; None where it changes no file below the folder."""
        _ptrace(_GETREGS, process, 0, ctypes.byref(self._registers))
        number, first, second, third = (self._registers[at] for at in (_ORIG_RAX, _RDI, _RSI, _RDX))
        size = 0
        if number in PATHS:
            path = self._text(process, first)
            if not path.startswith("/"):
                path = f"{self._descriptor(process, -100)}/{path}"
            flags = second if number == 2 else _CREATES
        elif number in PATHS_AT:
            path = self._text(process, second)
            if not path.startswith("/"):
                path = f"{self._descriptor(process, ctypes.c_int(first).value)}/{path}"
            flags = third if number == 257 else _CREATES
        else:
            path = self._descriptor(process, first)
            flags, size = _CREATES, third if number in WRITES else 0
        if not flags & _CREATES or not path.startswith(self._below):
            return None
        return Point(NAMES[number], path[len(self._below) + 1 :], size)

    def _descriptor(self, process: int, number: int) -> str:
        try:
            return str(Path(f"/proc/{process}", "cwd" if number == -100 else f"fd/{number}").readlink())
        except OSError:
            return ""

    def _text(self, process: int, address: int) -> str:
        with open(f"/proc/{process}/mem", "rb", buffering=0) as memory:
            memory.seek(address)
            return memory.read(4096).partition(b"\0")[0].decode("utf-8", "surrogateescape")
