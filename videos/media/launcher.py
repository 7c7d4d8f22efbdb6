"""First program of every child: limits itself, ties its life to the worker, then becomes the tool.

Run as a script (``python -I -S launcher.py <json> <argv...>``) and importing only what is cheap:
doing this in the worker between fork and exec could deadlock a worker with threads.
"""

import ctypes
import json
import os
import resource
import signal
import stat
import sys

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
LANDLOCK_VERSION = 1
LANDLOCK_PATH_BENEATH = 1
# What a rule may grant on files, and on folders besides; bits of <linux/landlock.h>.
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
TRUNCATE = 1 << 14
ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
NET_BIND_AND_CONNECT = 3
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000


def _limit(name: int, soft: int, grace: int = 0) -> None:
    hard = resource.getrlimit(name)[1]
    most = soft + grace
    if hard != resource.RLIM_INFINITY:
        soft, most = min(soft, hard), min(most, hard)
    resource.setrlimit(name, (soft, most))


def _processes_of_user() -> int:
    """Tasks that already run under this user: RLIMIT_NPROC counts them all."""
    count = 0
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                if entry.stat().st_uid == os.getuid():
                    count += sum(1 for _ in os.scandir(f"{entry.path}/task"))
            except FileNotFoundError:  # it ended while we were counting
                continue
    return count


class _RulesetAttr(ctypes.Structure):
    _fields_ = [("fs", ctypes.c_uint64), ("net", ctypes.c_uint64)]


class _PathBeneathAttr(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("access", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def _landlock(libc: ctypes.CDLL, rule: dict[str, list[str]]) -> None:
    """Give up every file that the rule does not name, and TCP where this kernel can."""
    version = libc.syscall(LANDLOCK_CREATE, None, ctypes.c_size_t(0), LANDLOCK_VERSION)
    every = (1 << 13) - 1  # of the first version; the next ones add moving, truncating
    every |= (1 << 13 if version >= 2 else 0) | (TRUNCATE if version >= 3 else 0)
    attr = _RulesetAttr(every, NET_BIND_AND_CONNECT if version >= 4 else 0)
    size = ctypes.sizeof(attr) if version >= 4 else 8
    ruleset = libc.syscall(LANDLOCK_CREATE, ctypes.byref(attr), ctypes.c_size_t(size), 0)
    grants = {"read": EXECUTE | READ_FILE | READ_DIR, "write": every, "list": READ_DIR}
    for kind, access in grants.items():
        for path in rule[kind]:
            try:
                parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
            except FileNotFoundError:  # not every system has every folder
                continue
            folder = stat.S_ISDIR(os.fstat(parent).st_mode)
            allowed = access & every & (every if folder else ON_FILES)
            beneath = _PathBeneathAttr(allowed, parent)
            libc.syscall(LANDLOCK_ADD, ruleset, LANDLOCK_PATH_BENEATH, ctypes.byref(beneath), 0)
            os.close(parent)
    if ruleset < 0 or libc.syscall(LANDLOCK_RESTRICT, ruleset, 0):
        sys.exit(f"landlock: {os.strerror(ctypes.get_errno())}")
    os.close(ruleset)


def main() -> None:
    """Read the limits from argv[1], take them on, and become argv[2:]."""
    spec, argv = json.loads(sys.argv[1]), sys.argv[2:]
    for signum in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores them; the tool must not
        signal.signal(signum, signal.SIG_DFL)
    if sys.platform == "linux":
        if os.getuid() != 0:  # before a user namespace of its own hides who we are
            _limit(resource.RLIMIT_NPROC, _processes_of_user() + spec["processes"])
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != spec["parent"]:  # the worker died before the line above
            os._exit(signal.SIGKILL + 128)
        if spec["isolate"]:
            libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
            # Cutting the network needs rights that a container may withhold; the protocol
            # whitelist stands in any case.
            libc.unshare(CLONE_NEWNET if os.geteuid() == 0 else CLONE_NEWUSER | CLONE_NEWNET)
        if "landlock" in spec:
            _landlock(libc, spec["landlock"])
    _limit(resource.RLIMIT_CPU, spec["cpu_seconds"], grace=5)
    _limit(resource.RLIMIT_AS, spec["address_space_bytes"])
    _limit(resource.RLIMIT_FSIZE, spec["output_bytes"])
    _limit(resource.RLIMIT_NOFILE, spec["open_files"])
    _limit(resource.RLIMIT_CORE, 0)
    os.nice(spec["nice"])
    os.execv(argv[0], argv)  # noqa: S606  (a list of arguments, no shell)


main()
