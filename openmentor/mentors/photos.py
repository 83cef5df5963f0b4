"""Mentors' photos: whatever was sent becomes a square WebP of ours, or is refused.

Re-encoding drops what a camera writes beside the picture, such as where it was taken, and
whatever else somebody hid in the file.
"""

import secrets
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, ImageOps

from openmentor.base import events
from openmentor.base.errors import Invalid
from openmentor.mentors import mentors
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person

SIDE: Final = 512
"""Pixels along each side of a kept photo."""
_MOST_PIXELS: Final = 50_000_000
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@transaction.atomic
def change(mentor_id: int, *, data: bytes, by: Person, now: datetime) -> Mentor:
    """The mentor with this photo instead of the last one.

    Refuses (`invalid`, field `photo`) a file that is too big, has too many pixels, or is no JPEG,
    PNG or WebP whatever its name says.
    """
    photo = square(data)
    mentor = mentors.held(mentor_id, by=by)
    _forget(mentor)
    # A name nobody can guess, and a new one for each photo, so that caches may keep it for ever.
    mentor.photo.save(f"{secrets.token_urlsafe(12)}.webp", ContentFile(photo), save=False)
    mentor.save(update_fields=["photo"])
    _record("mentor.photo_changed", mentor, by=by, now=now)
    return mentor


@transaction.atomic
def remove(mentor_id: int, *, by: Person, now: datetime) -> Mentor:
    """The mentor without a photo; initials stand in for it."""
    mentor = mentors.held(mentor_id, by=by)
    if mentor.photo:
        _forget(mentor)
        mentor.photo = ""
        mentor.save(update_fields=["photo"])
        _record("mentor.photo_removed", mentor, by=by, now=now)
    return mentor


def square(data: bytes) -> bytes:
    """The middle of a picture as a WebP of 512 by 512 pixels, the right way up."""
    if len(data) > settings.PHOTO_LIMIT_BYTES:
        megabytes = settings.PHOTO_LIMIT_BYTES // (1024 * 1024)
        raise Invalid.field("photo", f"Use a picture of at most {megabytes} MB.")
    try:
        return _encoded(Image.open(BytesIO(data), formats=_FORMATS))
    except Invalid:
        raise
    except _BOMBS as error:
        raise _too_many_pixels() from error
    except Exception as error:
        # Decoders fail in many ways on bytes made to make them fail; all mean the same here.
        raise Invalid.field("photo", "Use a JPEG, PNG or WebP picture.") from error


def _encoded(image: Image.Image) -> bytes:
    if image.width * image.height > _MOST_PIXELS:
        raise _too_many_pixels()
    image.draft("RGB", (2 * SIDE, 2 * SIDE))  # A JPEG is decoded smaller: less time and memory.
    upright = ImageOps.exif_transpose(image).convert("RGBA")
    fitted = ImageOps.fit(upright, (SIDE, SIDE), Image.Resampling.LANCZOS)
    on_white = Image.new("RGBA", fitted.size, "white")
    on_white.alpha_composite(fitted)
    written = BytesIO()
    on_white.convert("RGB").save(written, "WEBP", quality=85)
    return written.getvalue()


def _too_many_pixels() -> Invalid:
    most = _MOST_PIXELS // 1_000_000
    return Invalid.field("photo", f"Use a picture of at most {most} million pixels.")


def _forget(mentor: Mentor) -> None:
    """Delete the file once the change is certain."""
    if mentor.photo.name:
        transaction.on_commit(partial(mentor.photo.storage.delete, mentor.photo.name))


def _record(name: str, mentor: Mentor, *, by: Person, now: datetime) -> None:
    events.record(name, subject="mentor", subject_id=mentor.pk, actor_id=by.pk, at=now)
