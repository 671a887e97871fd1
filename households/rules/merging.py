"""Three-way merge of what two people changed of the same form: pure, by key."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


def merge(
    *, before: Mapping[Key, Value], theirs: Mapping[Key, Value], mine: Mapping[Key, Value]
) -> tuple[dict[Key, Value], list[Key]]:
    """What stands when ``theirs`` was saved since ``before`` and ``mine`` was typed on ``before``.

    A key that is missing was empty. What I left as it was before is no change of mine, so theirs stands; a key that
    both changed to different values is a clash, and mine stands in the result in case the person insists.
    """
    merged: dict[Key, Value] = {}
    clashes: list[Key] = []
    for key in [*theirs, *(key for key in mine if key not in theirs), *(key for key in before if key not in theirs)]:
        old, stored, typed = before.get(key), theirs.get(key), mine.get(key)
        if typed != old and stored not in (typed, old) and key not in clashes:
            clashes.append(key)
        value = stored if typed == old else typed
        if value is not None:
            merged[key] = value
    return merged, clashes
