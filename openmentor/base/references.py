"""Public ids: a prefix and eight characters of Crockford's base 32, such as SESSION-7K3M9QX2."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})
_REFERENCE = re.compile(r"([A-Z]+)-([0-9A-Z]{8})")


def fresh(prefix: str) -> str:
    """A new random reference: one of 32⁸, so a clash is left to the unique constraint."""
    number = secrets.randbits(5 * LENGTH)
    return prefix + "-" + "".join(ALPHABET[number >> 5 * i & 31] for i in range(LENGTH))


def normalised(text: str, prefix: str) -> str:
    """What a person typed as we store it: any case, I and L read as 1, O as 0.

    An empty string where it cannot be a reference of this kind.
    """
    match = _REFERENCE.fullmatch(text.strip().upper())
    if not match or match[1] != prefix:
        return ""
    return f"{prefix}-{match[2].translate(_LOOKALIKES)}"
