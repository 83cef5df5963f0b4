"""What stands on `/mentor/availability`, with the one form that somebody is filling in as typed."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse

from openmentor.availability import hours, schedule
from openmentor.base import clock
from openmentor.booking.diary import instant
from openmentor.mentors import mentors
from openmentor.mentors.models import Mentor
from openmentor.web import readers, zones
from openmentor.web.mentor_house import preview
from openmentor.web.mentor_house.date_form import DateForm, Stretch, stretches
from openmentor.web.mentor_house.preview import Preview
from openmentor.web.mentor_house.rules_form import RulesForm
from openmentor.web.mentor_house.week import Week
from openmentor.web.parts import whole_or_part

PREVIEW = "mentor_house/preview.html"


def page(
    request: HttpRequest, *, part: str = PREVIEW, status: int = 200, **forms: Any
) -> HttpResponse:
    """The page with these forms as they were typed, and the others as they are kept."""
    mentor = mentors.of(readers.person(request))
    kept = schedule.read(mentor)
    today = hours.local_date(ZoneInfo(mentor.timezone), instant(clock.now()))
    upcoming = stretches(kept.overrides, since=today)
    context = {
        "mentor": mentor,
        "week": Week.kept(kept.weekly),
        "week_to": "availability",
        "week_zone": request.POST.get("timezone", mentor.timezone),
        "zones": dict.fromkeys([*zones.choices(), mentor.timezone]),
        "dates": DateForm(kept=_edited(request, upcoming)),
        "upcoming": upcoming,
        "rules": RulesForm(kept=mentor),
        "preview": _preview(request, mentor),
        **forms,
    }
    response = whole_or_part(request, "mentor_house/availability.html", part, context)
    response.status_code = status
    return response


def _edited(request: HttpRequest, upcoming: list[Stretch]) -> Stretch | None:
    """The dates that the address asks to edit."""
    wanted = request.GET.get("date", "")
    return next((each for each in upcoming if each.first.isoformat() == wanted), None)


def _preview(request: HttpRequest, mentor: Mentor) -> Preview:
    """What the visitor of the zone and session type that the address asks for would see."""
    zone = zones.typed(request.GET.get("zone", "")) or readers.zone(request).key
    offers = list(mentor.session_types.filter(is_active=True))
    wanted = request.GET.get("type", "")
    chosen = next((offer for offer in offers if offer.reference == wanted), None)
    return preview.of(mentor, offers, chosen, zone=ZoneInfo(zone), now=clock.now())
