"""What callers send about group sessions."""

from typing import Any

from pydantic import Field

from openmentor.api.group_shapes import Visibility
from openmentor.api.schema import Body, Instant


class GroupFacts(Body):
    """What a group session is; `price` is per person, by default the group price by the hour."""

    description: str = ""
    currency: str | None = None
    price: int | None = Field(None, ge=0, description="Minor units, per person.")
    tags: list[str] = Field([])
    visibility: Visibility = "public"
    instructions: str | None = Field(None, description="For those who have a place.")
    min_participants: int | None = None
    join_until: Instant | None = None
    names_shown: bool = Field(False, description="Participants see each other's names.")
    invitations: list[str] = Field([], description="Who may join a private one, by address.")

    def facts(self) -> dict[str, Any]:
        """What was sent, as the arguments of a verb."""
        given = self.given()
        if "price" in given:
            given["price_minor"] = given.pop("price")
        if given.get("currency", "") is None:
            del given["currency"]
        if given.get("instructions", "") is None:
            given["instructions"] = ""
        return given


class NewGroupSession(GroupFacts):
    """A new group session, or one in each of `repeatWeeks` weeks at the same wall time."""

    title: str
    scheduled_at: Instant
    duration_minutes: int
    capacity: int
    repeat_weeks: int | None = None
    skip_clashes: bool = Field(False, description="Leave out the weeks in which you are busy.")

    def facts(self) -> dict[str, Any]:
        """What was sent, as the arguments of `planning.create`."""
        given = super().facts()
        given["starts_at"] = given.pop("scheduled_at")
        given["repeat_weeks"] = given.pop("repeat_weeks", None) or 1
        return given


class GroupChanges(GroupFacts):
    """What is to change; what is left out stays."""

    title: str = ""
    scheduled_at: Instant | None = None
    duration_minutes: int = 0
    capacity: int = 0

    def facts(self) -> dict[str, Any]:
        """What was sent, as the arguments of `replanning.update`."""
        given = super().facts()
        if (starts_at := given.pop("scheduled_at", None)) is not None:
            given["starts_at"] = starts_at
        return given


class Reason(Body):
    """Why, in words for the others."""

    reason: str | None = None


class NewMessage(Body):
    """What all who have a place should know."""

    message: str = Field(description="At most 2,000 characters.")


class Attendance(Body):
    """Whether the person with this booking came."""

    booking_id: str
    attended: bool
