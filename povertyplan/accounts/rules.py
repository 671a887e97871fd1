"""Pure rules of roles: which do not go together, and on which level of area each is given."""

from povertyplan.accounts.choices import Role
from povertyplan.areas.choices import Level

# Who enters does not approve.
INCOMPATIBLE = (frozenset({Role.OFFICER, Role.LEADER}),)


def incompatible_with(role: str) -> frozenset[str]:
    """Roles that nobody holds beside ``role`` in the same place at the same time."""
    return frozenset().union(*(pair - {role} for pair in INCOMPATIBLE if role in pair))


def level_refusal(role: str, level: str) -> str:
    """Why the role is not given on an area of that level; empty when it is."""
    if role == Role.VILLAGE_HEAD and level != Level.VILLAGE:
        return "Vai trò trưởng thôn chỉ giao trên một thôn; hãy chọn thôn."
    if role != Role.VILLAGE_HEAD and level == Level.VILLAGE:
        return "Trên thôn chỉ giao vai trò trưởng thôn; vai trò này giao trên xã, huyện hoặc tỉnh."
    return ""
