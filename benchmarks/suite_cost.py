"""Time of a command with all it starts, such as kernels and browsers that outlive their parents: seconds on the clock, and of the processors.

    python benchmarks/suite_cost.py make test

Linux only. `time` misses processes whose parent has ended: here they become children of this one (prctl 36,
PR_SET_CHILD_SUBREAPER), and it waits for them all.
"""

import contextlib
import ctypes
import os
import resource
import subprocess
import sys
import time

if ctypes.CDLL(None).prctl(36, 1, 0, 0, 0):
    sys.exit("prctl: this kernel cannot adopt the children of children")
began = time.monotonic()
command = subprocess.Popen(sys.argv[1:])
code = 0
with contextlib.suppress(ChildProcessError):  # there are none left
    while True:
        pid, status = os.wait()
        if pid == command.pid:
            code = os.waitstatus_to_exitcode(status)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(
    f"{time.monotonic() - began:.0f} s; user {used.ru_utime:.0f} s + system {used.ru_stime:.0f} s"
    f" = {used.ru_utime + used.ru_stime:.0f} s"
)
sys.exit(code)
