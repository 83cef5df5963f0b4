"""Who may read the staff's pages."""

from django.http import HttpRequest

from openmentor.base.errors import NotFound
from openmentor.people.models import Person
from openmentor.web import readers


def member(request: HttpRequest) -> Person:
    """The reader, who is of the staff; for everybody else there is nothing here."""
    reader = readers.person(request)
    if not reader.is_staff:
        raise NotFound("There is nothing at this address.")
    return reader
