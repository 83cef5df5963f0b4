"""`/photos/…`: the photos that mentors show. Whoever knows the name may see one."""

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponseBase

from openmentor.base.errors import NotFound

A_YEAR = 365 * 24 * 60 * 60


def show(_: HttpRequest, name: str) -> HttpResponseBase:
    """One photo. Its name is new whenever the photo is, so browsers may keep it."""
    file = f"photos/{name}.webp"
    if not default_storage.exists(file):
        raise NotFound("There is no such photo.")
    response = FileResponse(default_storage.open(file), content_type="image/webp")
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response
