"""Where a rehearsal may end the process: `CRASH_AT=<point>` kills it there, as a power cut would.

`CRASH_AT=stop:<point>` freezes it instead (SIGSTOP), as an overloaded host would. Without the
variable a point costs one look at the environment. The tests in `videos/tests/crash` use them all,
those of pushes `notifications/tests/test_delivery.py`.
"""

import os
import signal


def point(name: str) -> None:
    """Die or freeze here if the environment says so."""
    wanted = os.environ.get("CRASH_AT")
    if not wanted:
        return
    if wanted == name:
        os.kill(os.getpid(), signal.SIGKILL)
    elif wanted == f"stop:{name}":
        del os.environ["CRASH_AT"]
        os.kill(os.getpid(), signal.SIGSTOP)
