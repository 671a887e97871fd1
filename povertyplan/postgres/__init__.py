"""The project's PostgreSQL: an embedded server by default, any other server by URL.

`ensure_running(home)` starts or joins a real PostgreSQL whose files live under
`home/postgres`. It imports no Django, because the settings module calls it.

How one server serves many processes:

* each process that uses it holds a shared `flock` on `users.lock` until it ends,
  however it ends; forked children share the lock and keep it while any of them lives;
* starting and stopping happen only under an exclusive `flock` on `start.lock`;
* the server itself, with all its children, holds `server.lock`: whether it runs is
  read from that lock, never from a process id that may belong to someone else by now;
* a small watcher (`watch.py`) is the only one that stops it: it waits until nobody
  holds `users.lock`, lets a short grace pass and looks again under `start.lock`.
"""

from povertyplan.postgres.checks import problems
from povertyplan.postgres.connection import Connection, from_url
from povertyplan.postgres.errors import EmbeddedError
from povertyplan.postgres.join import ensure_running

__all__ = ["Connection", "EmbeddedError", "ensure_running", "from_url", "problems"]
