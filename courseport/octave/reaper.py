"""A shell that ends what this process leaves, however this process ends."""

from __future__ import annotations

import subprocess

# Each line names the process group that now runs, an empty one none. At the end of the pipe this process has ended.
_REAPER = """
while read -r line; do group=$line; done
[ -n "$group" ] && kill -s KILL -- "-$group" 2>/dev/null
rm -rf -- "$@" || { sleep 1; rm -rf -- "$@"; }
"""


def start_reaper(*folders: str) -> subprocess.Popen[bytes]:
    """Start the shell: at the end of its standard input it kills the group named there last and removes `folders`."""
    return subprocess.Popen(  # noqa: S603 - our own words
        ["/bin/sh", "-c", _REAPER, "sh", *folders],
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )
