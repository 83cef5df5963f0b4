"""The demo has group sessions in every state that visitors should see."""

from io import StringIO

import pytest
from django.core.management import call_command

from openmentor.booking.models import Session, WaitingEntry

pytestmark = pytest.mark.django_db


def test_some_are_open_one_is_full_with_a_line_and_one_took_place() -> None:
    call_command("demo", stdout=StringIO())
    groups = Session.objects.filter(mode="group")
    assert set(groups.values_list("status", flat=True)) == {"open", "full", "completed"}
    assert WaitingEntry.objects.filter(status="waiting").count() == 2
