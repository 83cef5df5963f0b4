"""The mentor's profile, prices and photo."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from openmentor.mentors.models import Mentor
from tests.web.browser import signed_in

pytestmark = pytest.mark.django_db
PAGE, PHOTO = "/mentor/settings", "/mentor/settings/photo"
PROFILE = {
    "headline": "Grow",
    "job_title": "Engineer",
    "specialisations": "React, react, System design",
    "languages": "",
    "bio": "I **teach**.",
    "timezone": "Asia/Kolkata",
    "currency": "INR",
    "one_on_one_price": "1500",
    "group_price": "",
    "refund_policy": "strict",
}


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def browser(maya: Mentor) -> Client:
    return signed_in(maya.person)


def picture() -> SimpleUploadedFile:
    written = BytesIO()
    Image.new("RGB", (40, 30), "red").save(written, "PNG")
    return SimpleUploadedFile("me.svg", written.getvalue(), "image/svg+xml")


def test_a_profile_is_saved_and_shown(browser: Client, maya: Mentor) -> None:
    assert browser.post(PAGE, PROFILE)["Location"] == PAGE
    maya.refresh_from_db()
    assert (maya.headline, maya.specialisations) == ("Grow", ["React", "System design"])
    assert (maya.one_on_one_price_minor, maya.group_price_minor) == (150000, 0)
    assert maya.refund_policy == "strict"
    form = browser.get(PAGE).context["form"]
    assert form["specialisations"].value() == "React, System design"
    assert (form["one_on_one_price"].value(), form["group_price"].value()) == ("1500", None)


def test_the_usual_group_price_is_said_in_money(browser: Client) -> None:
    browser.post(PAGE, PROFILE)
    page = browser.get(PAGE).content.decode()
    assert "50–70 % of the one-on-one price is usual: ₹750.00 to ₹1,050.00 for you." in page


def test_what_the_verb_refuses_is_said_at_the_field(browser: Client, maya: Mentor) -> None:
    wrong = {"one_on_one_price": "100000000.01", "specialisations": "x" * 41}
    answer = browser.post(PAGE, PROFILE | wrong)
    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == ["one_on_one_price", "specialisations"]
    assert answer.context["form"]["headline"].value() == "Grow"
    maya.refresh_from_db()
    assert maya.headline == ""


def test_the_bio_is_previewed_without_saving(browser: Client, maya: Mentor) -> None:
    typed = PROFILE | {"preview": "yes", "bio": "I **teach**. <script>alert(1)</script>"}
    whole = browser.post(PAGE, typed)
    assert whole.status_code == 200
    assert "I <strong>teach</strong>. &lt;script&gt;" in whole.content.decode()
    assert whole.context["form"]["headline"].value() == "Grow"
    part = browser.post(PAGE, typed, headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="bio-preview">')
    maya.refresh_from_db()
    assert maya.bio == ""


def test_a_photo_is_shown_to_everybody_and_removed(browser: Client, maya: Mentor) -> None:
    assert browser.post(PHOTO, {"photo": picture()})["Location"] == PAGE
    maya.refresh_from_db()
    shown = Client().get(maya.photo.url)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    assert shown["Cache-Control"] == "public, max-age=31536000, immutable"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert Image.open(BytesIO(shown.getvalue())).size == (512, 512)
    browser.post(PHOTO, {"remove": "yes"})
    maya.refresh_from_db()
    assert not maya.photo


def test_what_is_no_picture_is_refused_at_the_field(browser: Client, maya: Mentor) -> None:
    for sent in ({}, {"photo": SimpleUploadedFile("me.png", b"<svg onload=alert(1)>")}):
        answer = browser.post(PHOTO, sent)
        assert answer.status_code == 422
        assert 'id="photo_error"' in answer.content.decode()
    maya.refresh_from_db()
    assert not maya.photo


def test_a_photo_that_is_not_there_is_not_found() -> None:
    assert Client().get("/photos/nobody.webp").status_code == 404
    assert Client().get("/photos/..%2f..%2fsecret-key.webp").status_code == 404


def test_the_page_costs_as_little_as_it_can(
    browser: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):  # sign-in twice, the mentor
        browser.get(PAGE)
