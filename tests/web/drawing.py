"""Draws a piece of a template as a page would, for the tests of components."""

from html.parser import HTMLParser
from zoneinfo import ZoneInfo

from django.template import RequestContext, Template
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler  # type: ignore[import-untyped]  # no types


def drawn(source: str, **context: object) -> str:
    """The HTML of a template's source, read in London, with white space made plain."""
    request = RequestFactory().get("/")
    request.zone = ZoneInfo("Europe/London")  # type: ignore[attr-defined]  # as the middleware does
    html = Template(CottonCompiler().process(source)).render(RequestContext(request, context))
    return " ".join(html.split())


def text(source: str, **context: object) -> str:
    """Only the words of it, as a screen reader finds them."""
    words = _Words()
    words.feed(drawn(source, **context))
    return " ".join(" ".join(words.words).split())


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)
