"""Small words of the registry's pages."""

from django import template

from households.choices import Disability
from households.models import Member
from households.rules import persons

register = template.Library()


@register.filter
def masked(citizen_id: str) -> str:
    """``0640••••••12``"""
    return persons.masked(citizen_id)


@register.filter
def remarks(member: Member) -> str:
    """What else is known of a person, as a list of words."""
    known = [
        f"khuyết tật {member.get_disability_display()}" if member.disability not in ("", Disability.NONE) else "",
        "người có công" if member.is_merit else "",
        "hưởng trợ cấp xã hội" if member.has_social_allowance else "",
        "đảng viên" if member.is_party_member else "",
        member.get_maternity_display(),
        member.get_nutrition_display() if member.nutrition not in ("", "normal") else "",
    ]
    return ", ".join(word for word in known if word)
