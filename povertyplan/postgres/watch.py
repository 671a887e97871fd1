"""The process that stops the server after its last user.

Run as `python -m povertyplan.postgres.watch HOME LOCK`, where LOCK is the inherited
descriptor that marks this watcher as the only one. It waits until no process holds the
users' lock, however the last one ended, lets a grace pass so that one command after
another finds the server still there, and looks again under the start lock, where no new
user can come in between.
"""

import os
import sys
import time
from pathlib import Path

from povertyplan.postgres import locks, server
from povertyplan.postgres.join import GRACE_VARIABLE
from povertyplan.postgres.place import Place

GRACE = 3.0


def grace() -> float:
    """Seconds between the end of the last user and the stop."""
    try:
        return max(0.0, float(os.environ[GRACE_VARIABLE]))
    except (KeyError, ValueError):
        return GRACE


def watch(place: Place, own_lock: int) -> None:
    try:
        users = locks.open_lock(place.users_lock, create=False)
        start = locks.open_lock(place.start_lock, create=False)
    except FileNotFoundError:
        return  # the whole home was deleted meanwhile
    while True:
        locks.wait_until_free(users)
        time.sleep(grace())
        locks.take(start)
        if locks.try_lock(users, locks.EXCLUSIVE):
            break
        locks.release(start)
    if locks.is_at(users, place.users_lock):
        server.stop(place)
    # Before the start lock: whoever gets that one next must see that nobody watches.
    os.close(own_lock)


if __name__ == "__main__":
    watch(Place(Path(sys.argv[1])), int(sys.argv[2]))
