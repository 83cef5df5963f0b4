"""What people write into a booking: notes, and the reason of a cancellation."""

from openmentor.base.errors import Invalid
from openmentor.mentors import profiles


def said(text: str, *, field: str, most: int) -> str:
    """The text without space around it; `invalid` when it is longer than `most` characters."""
    text = text.strip()
    if mistake := profiles.text_mistake(text, most=most):
        raise Invalid.field(field, mistake)
    return text
