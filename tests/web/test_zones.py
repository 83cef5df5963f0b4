"""Whose clock a page is read by."""

import pytest
from django.test import Client
from django.urls import reverse

from openmentor.people.models import Person
from openmentor.web import zones

PAGE = "/account/login/"


def clock_of(client: Client, *, page: str = "/zone") -> str:
    """The zone that a page says it is in."""
    html = client.get(page).content.decode()
    return html.partition('data-zone="')[2].partition('"')[0]


def test_without_a_hint_the_default_zone_is_used(client: Client, db: None) -> None:
    assert clock_of(client) == "UTC"


def test_a_guest_chooses_a_zone_and_keeps_it(client: Client, db: None) -> None:
    answer = client.post("/zone", {"zone": "Asia/Kolkata", "next": PAGE})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert clock_of(client) == "Asia/Kolkata"


def test_a_cookie_with_nonsense_is_ignored(client: Client, db: None) -> None:
    client.cookies["zone"] = "../../etc/passwd"
    assert clock_of(client) == "UTC"


@pytest.mark.parametrize("typed", ["kolkata", "Asia/Kolkata", "asia/calcutta", " new york "])
def test_a_city_is_enough(typed: str) -> None:
    assert zones.typed(typed) in {"Asia/Kolkata", "Asia/Calcutta", "America/New_York"}


def test_an_unknown_place_asks_again(client: Client, db: None) -> None:
    answer = client.post("/zone", {"zone": "Atlantis", "next": PAGE})
    assert answer.status_code == 422
    assert "We do not know that time zone" in answer.content.decode()


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_nobody_is_sent_to_another_site(client: Client, db: None, address: str) -> None:
    for door in ("zone", "theme"):
        answer = client.post(reverse(door), {"zone": "UTC", "theme": "dark", "next": address})
        assert answer["Location"] == "/"


def test_the_profile_goes_before_the_cookie(client: Client, tom: Person) -> None:
    client.cookies["zone"] = "Asia/Tokyo"
    client.force_login(tom)
    assert clock_of(client) == "Europe/London"


def test_a_member_chooses_for_this_visit_only(client: Client, tom: Person) -> None:
    client.force_login(tom)
    client.post("/zone", {"zone": "Asia/Tokyo"})
    assert clock_of(client) == "Asia/Tokyo"
    tom.refresh_from_db()
    assert tom.timezone == "Europe/London"


def test_a_member_keeps_a_zone_in_the_profile(client: Client, tom: Person) -> None:
    client.force_login(tom)
    client.post("/zone", {"zone": "Asia/Osaka"})
    client.post("/zone", {"zone": "Asia/Tokyo", "keep": "yes"})
    tom.refresh_from_db()
    assert (tom.timezone, clock_of(client)) == ("Asia/Tokyo", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("chosen", "attribute"), [("dark", 'data-theme="dark"'), ("light", 'data-theme="light"')]
)
def test_the_server_draws_the_chosen_theme(
    client: Client, db: None, chosen: str, attribute: str
) -> None:
    client.post("/theme", {"theme": chosen})
    assert attribute in client.get(PAGE).content.decode()


def test_the_systems_theme_is_no_theme(client: Client, db: None) -> None:
    client.post("/theme", {"theme": "dark"})
    client.post("/theme", {"theme": "system"})
    assert "data-theme=" not in client.get(PAGE).content.decode()
