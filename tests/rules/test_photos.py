from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from openmentor.base.errors import Invalid, NotFound
from openmentor.mentors import mentors, photos
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ORIENTATION, DESCRIPTION = 0x0112, 0x010E


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def mentor() -> Mentor:
    maya = Person.objects.create_user("maya@example.com", name="Maya Rao")
    return mentors.apply(maya, now=NOW)


def picture(form: str = "JPEG", size: tuple[int, int] = (800, 600), **how: Any) -> bytes:
    written = BytesIO()
    Image.new(how.pop("mode", "RGB"), size, how.pop("colour", "red")).save(written, form, **how)
    return written.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def mistake(data: bytes) -> str:
    with pytest.raises(Invalid) as refusal:
        photos.square(data)
    (line,) = refusal.value.data["errors"]
    assert line["field"] == "photo"
    return str(line["message"])


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", [(1, 1), (3000, 20), (512, 512), (2000, 3000)])
def test_any_picture_becomes_a_square_webp(form: str, size: tuple[int, int]) -> None:
    made = opened(photos.square(picture(form, size)))
    assert (made.format, made.size, made.mode) == ("WEBP", (512, 512), "RGB")


@pytest.mark.parametrize("mode", ["P", "L", "LA", "RGBA", "1", "I;16"])
def test_any_kind_of_colour_is_read(mode: str) -> None:
    assert opened(photos.square(picture("PNG", mode=mode, colour=0))).mode == "RGB"


def test_what_is_clear_becomes_white() -> None:
    made = opened(photos.square(picture("PNG", mode="RGBA", colour=(255, 0, 0, 0))))
    assert made.getpixel((0, 0)) == (255, 255, 255)


def test_what_a_camera_wrote_beside_the_picture_is_dropped() -> None:
    exif = Image.Exif()
    exif[DESCRIPTION] = "At home, 12 Secret Lane"
    made = photos.square(picture(exif=exif))
    assert b"Secret" not in made
    assert dict(opened(made).getexif()) == {}


def test_a_picture_taken_sideways_is_turned() -> None:
    sideways = Image.new("RGB", (600, 600), "red")
    sideways.paste("blue", (0, 0, 300, 600))  # The left half; once turned, the upper half.
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    written = BytesIO()
    sideways.save(written, "PNG", exif=exif)
    made = opened(photos.square(written.getvalue()))
    top, bottom = made.getpixel((256, 50)), made.getpixel((256, 460))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert (top[2] > 200, bottom[0] > 200) == (True, True)


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"",
        lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        lambda: b"GIF89a not a picture",
        lambda: picture("GIF"),
        lambda: picture("TIFF"),
        lambda: picture()[:400],
        lambda: picture("PNG")[:200],
        lambda: b"\xff\xd8\xff" + b"\x00" * 1000,
    ],
)
def test_what_is_no_picture_of_these_kinds_is_refused(make: Callable[[], bytes]) -> None:
    assert mistake(make()) == "Use a JPEG, PNG or WebP picture."


def test_a_picture_that_unfolds_into_too_much_is_refused() -> None:
    for side in (8_000, 12_000, 20_000):  # Ours, and the two limits at which Pillow speaks up.
        bomb = picture("PNG", (side, side), mode="1", colour=0)
        assert len(bomb) < 100_000
        assert mistake(bomb) == "Use a picture of at most 50 million pixels."


def test_a_big_file_is_refused_before_it_is_read(settings: Any) -> None:
    assert mistake(b"x" * (settings.PHOTO_LIMIT_BYTES + 1)) == "Use a picture of at most 5 MB."


def test_a_new_photo_replaces_the_last_file(
    mentor: Mentor, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    how: Any = {"by": mentor.person, "now": NOW}
    first = photos.change(mentor.pk, data=picture(), **how).photo.name
    with django_capture_on_commit_callbacks(execute=True):
        second = photos.change(mentor.pk, data=picture(colour="blue"), **how).photo.name
    assert first != second
    assert [str(file.relative_to(media)) for file in media.rglob("*.webp")] == [second]
    with django_capture_on_commit_callbacks(execute=True):
        assert not photos.remove(mentor.pk, **how).photo
    assert list(media.rglob("*.webp")) == []
    assert not Mentor.objects.get(pk=mentor.pk).photo


def test_a_stranger_changes_no_photo(mentor: Mentor) -> None:
    zoe = Person.objects.create_user("zoe@example.com", name="Zoe")
    with pytest.raises(NotFound):
        photos.change(mentor.pk, data=picture(), by=zoe, now=NOW)
