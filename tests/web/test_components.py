"""What components say and how they are tied together; how they look is on /styleguide."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import RequestFactory

from openmentor.web import markdown, statuses, styleguide
from openmentor.web.templatetags import openmentor as tags
from tests.web.drawing import drawn, text

AT = datetime(2026, 11, 24, 18, 50, tzinfo=UTC)


class Details(forms.Form):
    """A form with a wrong address."""

    email = forms.EmailField(label="Email address", help_text="We write to it.")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('<c-price :amount="150000" currency="INR" />', "₹1,500.00"),
        ('<c-price :amount="150000" currency="INR" per="hour" />', "₹1,500.00 per hour"),
        ('<c-price :amount="500" currency="JPY" />', "¥500"),
        ('<c-price :amount="0" currency="INR" />', "FREE"),
        ('<c-price :amount="None" currency="INR" />', "FREE"),
        ('<c-badge status="no-show" />', "No-show"),
        ('<c-badge status="partially_refunded" />', "Partly refunded"),
        ('<c-badge status="brand_new" />', "Brand new"),
        ('<c-badge tone="info" icon="users">3 places left</c-badge>', "3 places left"),
        ('<c-stars :rating="4.8" :count="12" />', "Rated 4.8 of 5 from 12 reviews 4.8 (12)"),
        ('<c-stars :rating="5" :count="1" />', "Rated 5.0 of 5 from 1 review 5.0 (1)"),
        ("<c-stars />", "No reviews yet"),
        ('<c-avatar name="Maya Rao" />', "MR"),
        ('<c-avatar name="Maya de la Rao" />', "MR"),
        ('<c-avatar name="maya" />', "M"),
        ('<c-meter label="Seats" :value="3" :max="5" />', "Seats 3 of 5"),
        ('<c-pagination previous="" next="" />', ""),
        ('<c-pagination next="?cursor=a" />', "Next"),
        ("<c-form-errors />", ""),
    ],
)
def test_a_component_says(source: str, words: str) -> None:
    assert text(source) == words


def test_a_time_names_both_clocks() -> None:
    said = text(
        '<c-when :at="at" :until="until" :other="zone" name="Maya" />',
        at=AT,
        until=AT + timedelta(minutes=45),
        zone=ZoneInfo("Asia/Kolkata"),
    )
    assert said == (
        "Tuesday 24 November 2026 18:50–19:35 Europe/London (GMT) "
        "00:20–01:05, next day , for Maya in Asia/Kolkata (IST)"
    )


def test_a_time_can_be_short_and_in_a_named_zone() -> None:
    said = text('<c-when :at="at" style="short" :zone="zone" />', at=AT, zone=ZoneInfo("UTC"))
    assert said == "Tue 24 Nov, 18:50 UTC"


def test_a_machine_reads_the_instant_in_utc() -> None:
    html = drawn('<c-when :at="at" style="date" />', at=AT)
    assert '<time datetime="2026-11-24T18:50:00Z">Tue 24 Nov</time>' in html


def test_a_button_with_an_address_is_a_link() -> None:
    assert drawn('<c-button href="/mentors">Find</c-button>').startswith('<a href="/mentors"')


def test_a_button_that_cannot_be_used_is_never_a_link() -> None:
    html = drawn('<c-button href="/mentors" disabled="yes">Find</c-button>')
    assert html.startswith('<button type="submit" disabled')
    assert "/mentors" not in html


def test_what_a_component_does_not_know_reaches_its_element() -> None:
    html = drawn('<c-button hx-get="/x" name="go" value="1">Go</c-button>')
    assert 'hx-get="/x" name="go" value="1"' in html


def test_a_fields_hint_and_error_are_tied_to_it() -> None:
    form = Details({"email": "tom@"})
    html = drawn('<c-field :field="form.email" />', form=form)
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_email_helptext"' in html
    assert 'id="id_email_error"' in html
    assert 'value="tom@"' in html


def test_a_plain_fields_error_is_tied_to_it() -> None:
    html = drawn('<c-field name="price" label="Price" error="Too low." value="-5" />')
    assert 'aria-describedby="price_error" aria-invalid="true"' in html
    assert 'id="price_error"' in html


def test_a_summary_of_errors_links_each_field_and_takes_focus() -> None:
    html = drawn('<c-form-errors :form="form" />', form=Details({"email": "tom@"}))
    assert '<a class="link" href="#id_email">Email address</a>: Enter a valid email' in html
    assert "data-focus-first" in html


def test_a_select_and_its_options_show_what_was_chosen() -> None:
    html = drawn('<c-field name="day" type="select" :choices="days" value="tue" />', days=DAYS)
    assert '<option value="mon">Monday</option><option value="tue" selected>' in html


def test_checkboxes_show_all_that_was_chosen() -> None:
    source = '<c-field name="day" type="checkboxes" :choices="days" :value="chosen" />'
    html = drawn(source, days=DAYS, chosen=["mon", "tue"])
    assert html.count(" checked") == 2


DAYS = [("mon", "Monday"), ("tue", "Tuesday"), ("wed", "Wednesday")]


def test_words_from_people_are_escaped() -> None:
    html = drawn('<c-avatar :name="name" photo="{{ photo }}" />', name="<b>", photo="")
    assert "<b>" not in html
    html = drawn('<c-empty :title="title">{{ title }}</c-empty>', title="<script>")
    assert "<script>" not in html


def test_the_current_tab_is_told_apart() -> None:
    html = drawn('<c-tab href="?tab=past" current="yes" :count="0">Past</c-tab>')
    assert 'href="?tab=past" aria-current="page"' in html
    assert ">0</span>" in html


def test_a_names_colour_never_changes() -> None:
    assert [tags.tint("Maya Rao"), tags.tint("Tom Hale")] == [8, 1]


def test_stars_are_rounded_to_halves() -> None:
    assert tags.stars(3.3) == ["full", "full", "full", "half", "none"]


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/130.0", "Firefox on Windows"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130 Mobile Safari/537", "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/605", "Safari on iPhone"),
        ("curl/8", "A browser"),
    ],
)
def test_a_browser_is_named_in_words(agent: str, words: str) -> None:
    assert tags.browser(agent) == words


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("**Hello**", "<p><strong>Hello</strong></p>\n"),
        ("# Big", "<h3>Big</h3>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("![x](https://example.com/x.png)", "<p></p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        (
            "[x](https://example.com)",
            '<p><a href="https://example.com" rel="nofollow noopener noreferrer ugc">x</a></p>\n',
        ),
    ],
)
def test_text_from_people_becomes_safe_html(source: str, html: str) -> None:
    assert markdown.html(source) == html


def test_every_status_has_an_icon_that_exists() -> None:
    drawings = [tags.icon(status.icon) for status in statuses.STATUSES.values()]
    assert len(drawings) == len(statuses.STATUSES)


def test_the_style_guide_shows_everything() -> None:
    request = RequestFactory().get("/styleguide")
    request.zone = ZoneInfo("Europe/London")  # type: ignore[attr-defined]  # as the middleware does
    request.user = AnonymousUser()
    request.session = {}  # type: ignore[assignment]  # nothing is kept
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]  # as Django does
    response = styleguide.show(request)
    assert response.status_code == 200
    assert "<c-" not in response.content.decode()
