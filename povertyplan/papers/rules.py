"""Pure rules of citations."""

import re

WHOLE_NUMBER = re.compile(r"^\s*(?:số\s*)?0*(\d+\w*)\s*[/-]\s*(\S.*?)\s*$", re.IGNORECASE)
ABOUT = "Về việc"
LEADING_ZEROS = re.compile(r"^0+(?=\d)")


def split_number(number: str, notation: str) -> tuple[str, str]:
    """The number and the notation apart, one way of writing: «07/2021/NĐ-CP» is 7 and 2021/NĐ-CP.

    A notation typed behind the number goes before ``notation``, which a form may have filled in. The printed number
    gets its leading zero back; stored without, «07» and «7» are one document.
    """
    match, rest = WHOLE_NUMBER.match(number), notation.strip().lstrip("/")
    if match and rest and match[2].isdigit():  # «07/2021» and «NĐ-CP»
        return match[1], f"{match[2]}/{rest}"
    if match:
        return match[1], match[2]
    return LEADING_ZEROS.sub("", number.strip()), rest


def tidy_subject(subject: str) -> str:
    """As a citation goes on: «về việc …» in small letters, without the full stop of a heading."""
    tidy = subject.strip()
    if tidy.endswith(".") and not tidy.endswith(".."):
        tidy = tidy[:-1].rstrip()
    return tidy[0].lower() + tidy[1:] if tidy.startswith(f"{ABOUT} ") else tidy
