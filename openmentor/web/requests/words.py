"""What can be chosen for an open request, as (what is kept, what people read)."""

from typing import Final

from openmentor.booking.models import OpenRequest
from openmentor.booking.models.open_requests import DURATIONS as MINUTES

KINDS: Final = dict(OpenRequest.Kind.choices)
FORMATS: Final = dict(OpenRequest.Format.choices)
URGENCIES: Final = dict(OpenRequest.Urgency.choices)
DURATIONS: Final = {str(minutes): f"{minutes} minutes" for minutes in MINUTES}
