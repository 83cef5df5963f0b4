"""Whether bytes were signed by somebody who knows a secret of ours (HMAC-SHA256, in hex)."""

import hmac
from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured


def secrets_in(setting: str, *, name: str) -> tuple[bytes, ...]:
    """The secrets of a setting, separated by commas: while one is replaced, both are good.

    An empty secret would let everybody sign, so a setting without any is refused.
    """
    secrets = tuple(part.strip().encode() for part in setting.split(",") if part.strip())
    if not secrets:
        raise ImproperlyConfigured(f"{name} is empty: then anybody could say that money came.")
    return secrets


def hexdigest(secret: bytes, message: bytes) -> bytes:
    """The signature of a message."""
    return hmac.digest(secret, message, "sha256").hex().encode()


def is_signed(message: bytes, signature: str, secrets: Sequence[bytes]) -> bool:
    """Whether the signature is that of the message by any of the secrets, in constant time."""
    given = signature.encode("ascii", "replace")
    fits = [hmac.compare_digest(hexdigest(secret, message), given) for secret in secrets]
    return any(fits)
