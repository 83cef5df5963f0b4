"""Why nothing can be had from a mentor. Clients rely on these codes (SPEC §17)."""

from openmentor.base.errors import Kind, Refusal


class OwnProfile(Refusal):
    """Mentors cannot book themselves."""

    code = "own_profile"
    kind = Kind.NOT_ALLOWED
    sentence = "This is your own profile, so you cannot book it."


class MentorUnavailable(Refusal):
    """The mentor takes no bookings at present."""

    code = "mentor_unavailable"
    kind = Kind.CLASH
    sentence = "This mentor is not taking bookings at the moment."
