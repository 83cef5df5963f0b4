"""No page of ours sends anybody to a site of somebody else."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests import make
from tests.web.browser import reader, sign_in, signed_in

pytestmark = pytest.mark.django_db

_EVIL = "evil.example"
_BEFORE_A_HOST = [
    "//", "///", "////", "/\\", "\\\\", "\\/", "/\\/", "//\\", "\\//", "/\t/", "/\n/", "/\r/",
    "\t//", "\n//", " //", "\x00//", "\x01//", "\u3000//", "\xa0//", "http:", "http:/", "http://",
    "http:///", "http:\\\\", "http:/\\", "https:", "https:/", "https://", "https:///",
    "https:\\\\", "hTTps://", " https://", "\thttps://", "h\tttps://", "ht\ntps://", "https:\t//",
    "ftp://", "file://", "data://", "blob:https://", "view-source:https://", "javascript://",
    "ws://", "//user@", "https://user:pw@", "https://testserver@", "https://testserver:80@",
    "https://testserver%40", "https://testserver%2f@", "https://testserver\\@",
    "https://testserver#@", "https://testserver.", "//testserver@", "//testserver.", "/%09/",
    "/%5c", "/%2f%2f",
]  # fmt: skip
HOSTILE = [
    *(f"{start}{_EVIL}" for start in _BEFORE_A_HOST),
    *(f"{start}{_EVIL}/%2e%2e" for start in _BEFORE_A_HOST),
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "mailto:x@evil.example",
    "tel:+100",
    "//localhost",
    "http://localhost/",
    "http://127.0.0.1/",
    "http://testserver.evil.example/",
    "http://eviltestserver/",
    "//[::1]/",
    "//2130706433/",
    "//evil\u3002example",
    "//\uff45vil.example",
    "https://\uff54estserver@evil.example",
    "http://testserver:pw@evil.example:80",
    "?next=//evil.example/../..//evil.example",
]
assert len(HOSTILE) >= 100


def leads_away(location: str) -> bool:
    """How a browser reads it: backslashes are slashes, tabs and line breaks are nothing."""
    read = "".join(letter for letter in location.strip() if letter not in "\t\r\n")
    read = read.replace("\\", "/")
    parts = urlsplit(read)
    return read.startswith("//") or (bool(parts.scheme) and parts.netloc != "testserver")


@pytest.mark.parametrize("target", HOSTILE, ids=ascii)
def test_signing_in_leads_nowhere_else(target: str) -> None:
    person, browser = make.person(), Client()
    answer = sign_in(browser, person, next=target)
    assert answer.status_code == 302
    assert reader(browser) == person.pk
    assert not leads_away(answer["Location"]), answer["Location"]


@pytest.mark.parametrize("target", HOSTILE[::6], ids=ascii)
def test_signing_out_and_choosing_a_zone_lead_nowhere_else(target: str) -> None:
    browser = signed_in(make.person())
    for path, form in (("/zone", {"zone": "UTC"}), ("/account/logout/", {})):
        answer = browser.post(path, {**form, "next": target})
        assert answer.status_code == 302
        assert not leads_away(answer["Location"]), answer["Location"]


def test_a_page_of_ours_is_where_one_goes() -> None:
    answer = sign_in(Client(), make.person(), next="/mentors/maya-rao/book?type=TYPE-1#times")
    assert answer["Location"] == "/mentors/maya-rao/book?type=TYPE-1#times"
