"""Pure rules of the names of villages."""

from povertyplan.areas.choices import KINDS, Level
from povertyplan.core.text import clean, first_upper

LONGEST_FIRST = sorted(KINDS[Level.VILLAGE], key=len, reverse=True)


def leading_kind(name: str) -> str:
    """The word of kind a name begins with, as in «Thôn Một» or «thôn Một»; none where nothing follows it."""
    written = clean(name)
    for kind in LONGEST_FIRST:
        if written.startswith((f"{kind} ", f"{first_upper(kind)} ", f"{kind.upper()} ")):
            return kind
    return ""


def bare_name(name: str, kind: str) -> str:
    """The name without its own kind in front, which every page writes before it."""
    written = clean(name)
    return written[len(kind) + 1 :] if kind and leading_kind(written) == kind else written


def village_word(kinds: list[str]) -> str:
    """What the unit calls its villages: their kind where all are of one, else «thôn»."""
    return kinds[0] if kinds and len(set(kinds)) == 1 else "thôn"
