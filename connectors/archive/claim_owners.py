"""Names for processes, by which others can tell that one has died."""

from __future__ import annotations

import os
import secrets
import socket
from pathlib import Path


def own_name() -> str:
    """This process's name: where it runs, its number, when it began, and something random.

    Process numbers come again; with the time of its beginning none does.
    """
    pid = os.getpid()
    return f"{_machine()} {pid} {_began(pid)} {secrets.token_hex(4)}"


def is_dead(name: str) -> bool:
    """Whether the process of that name certainly runs no more; of other machines, nobody knows.

    >>> is_dead(own_name()), is_dead("elsewhere 1 2 ab"), is_dead(own_name().replace(" ", " 9", 1))
    (False, False, True)
    """
    parts = name.split(" ")
    if len(parts) != 4 or parts[0] != _machine() or not parts[1].isdigit():
        return False
    pid = int(parts[1])
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        pass
    return _began(pid) != parts[2]


def _machine() -> str:
    """The host, and the space of process numbers: containers may share the host's name."""
    try:
        space = os.readlink("/proc/self/ns/pid")
    except OSError:
        space = ""
    return f"{socket.gethostname()}/{space}".replace(" ", "")


def _began(pid: int) -> str:
    """Ticks from boot to the process's start, where the system tells."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]  # field 22 (proc(5)); the name may hold blanks
