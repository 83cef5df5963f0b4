"""The API: its title, its documentation, and which file answers what."""

from ninja import NinjaAPI

api = NinjaAPI(title="OpenMentor", version="1", docs_url="/docs", openapi_url="/openapi.json")
