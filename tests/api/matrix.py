"""The authorization matrix: who gets which answer at every address, and what is sent there."""

from typing import Any

ROLES = ("tom", "maya", "zoe", "kiri", "staff", "nobody")
"""The mentee, his mentor, a stranger, another mentor, somebody of the staff, a visitor.

The session, the pack and the access token are Tom's; the session type is Maya's. Tom has paid one
order to Maya (`my-payments`), and not yet another (`payments`).
"""
LOGIN = "login"
"""Where a page sends those who have not signed in."""

Answers = tuple[int | str, ...]

EVERYBODY: Answers = (200,) * 6
SIGNED_IN: Answers = (200, 200, 200, 200, 200, 401)
MENTORS: Answers = (403, 200, 403, 200, 403, 401)
ITS_MENTOR: Answers = (403, 200, 403, 404, 403, 401)
ITS_MENTOR_ANSWERS: Answers = (403, 200, 404, 404, 403, 401)
ITS_HOST: Answers = (403, 200, 404, 404, 200, 401)
PARTICIPANTS: Answers = (200, 200, 404, 404, 200, 401)

API: dict[str, Answers] = {
    "POST /api/auth/register": (201,) * 6,
    "POST /api/auth/login": EVERYBODY,
    "POST /api/auth/refresh": (401,) * 6,
    "POST /api/auth/logout": (204, 204, 204, 204, 204, 401),
    "GET /api/me": SIGNED_IN,
    "PATCH /api/me": SIGNED_IN,
    "GET /api/tokens": SIGNED_IN,
    "POST /api/tokens": (201, 201, 201, 201, 201, 401),
    "DELETE /api/tokens/{token_id}": (204, 404, 404, 404, 404, 401),
    "GET /api/mentors": EVERYBODY,
    "GET /api/mentors/{mentor_id}": EVERYBODY,
    "GET /api/mentors/{mentor_id}/availability": EVERYBODY,
    "GET /api/mentors/me": MENTORS,
    "POST /api/mentors/me": (201, 409, 201, 409, 201, 401),
    "PATCH /api/mentors/me": MENTORS,
    "GET /api/mentors/me/availability": MENTORS,
    "PUT /api/mentors/me/availability": MENTORS,
    "GET /api/session-types": MENTORS,
    "POST /api/session-types": (403, 201, 403, 201, 403, 401),
    "GET /api/session-types/{session_type_id}": ITS_MENTOR,
    "PATCH /api/session-types/{session_type_id}": ITS_MENTOR,
    "DELETE /api/session-types/{session_type_id}": (403, 204, 403, 404, 403, 401),
    "GET /api/pack-offers": MENTORS,
    "POST /api/pack-offers": (403, 201, 403, 422, 403, 401),
    "PATCH /api/pack-offers/{offer_id}": ITS_MENTOR,
    "GET /api/session-packs/me": SIGNED_IN,
    "GET /api/session-packs/me/active": SIGNED_IN,
    "POST /api/session-packs/purchase": (201, 403, 201, 201, 201, 401),
    "GET /api/session-packs/{pack_id}": PARTICIPANTS,
    "GET /api/session-packs/{pack_id}/refund-quote": ITS_HOST,
    "POST /api/session-packs/{pack_id}/refund": ITS_HOST,
    "GET /api/seats/availability/{mentor_id}": EVERYBODY,
    "GET /api/seats/me": SIGNED_IN,
    "POST /api/seats/waitlist/{mentor_id}": (409, 403, 409, 409, 409, 401),
    "DELETE /api/seats/waitlist/{mentor_id}": (409, 409, 409, 409, 409, 401),
    "GET /api/mentorships/me": SIGNED_IN,
    "GET /api/mentorships/mentees": MENTORS,
    "GET /api/sessions/my-bookings": SIGNED_IN,
    "GET /api/sessions/me": SIGNED_IN,
    "GET /api/sessions/mentor/sessions": MENTORS,
    "POST /api/sessions/book": (201, 403, 201, 201, 201, 401),
    "GET /api/sessions/{session_id}": PARTICIPANTS,
    "GET /api/sessions/{session_id}/cancel-quote": PARTICIPANTS,
    "PATCH /api/sessions/{session_id}/cancel": PARTICIPANTS,
    "PATCH /api/sessions/{session_id}/reschedule": PARTICIPANTS,
    "PUT /api/sessions/{session_id}/complete": (403, 409, 404, 404, 409, 401),
    "PUT /api/sessions/{session_id}/no-show": (409, 409, 404, 404, 403, 401),
    "POST /api/sessions/": (201, 403, 201, 201, 201, 401),
    "PUT /api/sessions/{session_id}/accept": ITS_MENTOR_ANSWERS,
    "PUT /api/sessions/{session_id}/reject": ITS_MENTOR_ANSWERS,
    "PUT /api/sessions/{session_id}/propose": ITS_MENTOR_ANSWERS,
    "PUT /api/sessions/{session_id}/pick": (409, 403, 404, 404, 403, 401),
    "GET /api/mini-mentorship/availability": MENTORS,
    "PUT /api/mini-mentorship/availability": MENTORS,
    "GET /api/mini-mentorship/requests": MENTORS,
    "POST /api/mini-mentorship/requests": (201, 201, 201, 201, 201, 401),
    "GET /api/mini-mentorship/requests/mine": SIGNED_IN,
    "GET /api/mini-mentorship/requests/claimed": MENTORS,
    "GET /api/mini-mentorship/requests/{request_id}": (200, 200, 404, 200, 200, 401),
    "PATCH /api/mini-mentorship/requests/{request_id}": (200, 403, 404, 403, 403, 401),
    "POST /api/mini-mentorship/requests/{request_id}/claim": MENTORS,
    "POST /api/mini-mentorship/requests/{request_id}/release": (403, 403, 404, 403, 409, 401),
    "POST /api/mini-mentorship/requests/{request_id}/schedule": (403, 403, 404, 403, 403, 401),
    "POST /api/mini-mentorship/requests/{request_id}/cancel": (200, 403, 404, 403, 200, 401),
    "GET /api/sessions/group": EVERYBODY,
    "POST /api/sessions/group": (403, 201, 403, 201, 403, 401),
    "GET /api/sessions/group/{group_id}": (200, 200, 404, 404, 200, 404),
    "PATCH /api/sessions/group/{group_id}": ITS_HOST,
    "POST /api/sessions/group/{group_id}/join": (409, 403, 404, 404, 201, 401),
    "POST /api/sessions/group/{group_id}/leave": (200, 409, 404, 404, 409, 401),
    "POST /api/sessions/group/{group_id}/waitlist": (409, 403, 404, 404, 409, 401),
    "POST /api/sessions/group/{group_id}/cancel": ITS_HOST,
    "POST /api/sessions/group/{group_id}/message": (403, 201, 404, 404, 201, 401),
    "PUT /api/sessions/group/{group_id}/attendance": (403, 409, 404, 404, 409, 401),
    "GET /api/notifications": SIGNED_IN,
    "POST /api/notifications/read": SIGNED_IN,
    "POST /api/session-payments/create": (409, 404, 404, 404, 404, 401),
    "POST /api/session-payments/verify": (404, 404, 404, 404, 404, 401),
    "GET /api/session-payments/session/{session_id}": PARTICIPANTS,
}

BODIES: dict[str, dict[str, Any]] = {
    "POST /api/notifications/read": {},
    "POST /api/auth/register": {
        "name": "New",
        "email": "new@example.com",
        "password": "a-long-password-7",
    },
    "POST /api/auth/login": {"email": "tom@example.com", "password": "openmentor-demo"},
    "POST /api/auth/refresh": {"refreshToken": "stolen"},
    "PATCH /api/me": {"name": "Other"},
    "POST /api/tokens": {"name": "New", "scopes": ["read"]},
    "PUT /api/mentors/me/availability": {"timezone": "UTC", "weekly": []},
    "POST /api/mentors/me": {},
    "PATCH /api/mentors/me": {"headline": "Hello"},
    "POST /api/session-types": {"title": "New", "durationMinutes": 30},
    "PATCH /api/session-types/{session_type_id}": {"title": "Other"},
    "POST /api/pack-offers": {
        "sessionTypeId": "{session_type_id}",
        "title": "Four",
        "sessions": 4,
        "validityDays": 45,
    },
    "PATCH /api/pack-offers/{offer_id}": {"title": "Other"},
    "POST /api/session-packs/purchase": {"offerId": "{offer_id}"},
    "POST /api/sessions/book": {
        "mentorId": "{mentor_id}",
        "sessionTypeId": "{session_type_id}",
        "scheduledAt": "2026-03-05T04:30:00Z",
    },
    "PATCH /api/sessions/{session_id}/reschedule": {"scheduledAt": "2026-03-05T04:30:00Z"},
    "POST /api/sessions/": {
        "mentorId": "{mentor_id}",
        "durationMinutes": 45,
        "scheduledAt": "2026-03-07T20:00:00Z",
        "message": "May I?",
    },
    "PUT /api/sessions/{session_id}/reject": {"reason": "I am away."},
    "PUT /api/sessions/{session_id}/propose": {"times": ["2026-03-08T20:00:00Z"]},
    "PUT /api/sessions/{session_id}/pick": {"scheduledAt": "2026-03-08T20:00:00Z"},
    "PUT /api/mini-mentorship/availability": {"weekly": None},
    "POST /api/mini-mentorship/requests": {
        "kind": "interview_prep",
        "title": "A mock interview",
        "description": "For a senior role.",
        "format": "phone",
        "durationMinutes": 60,
        "windows": [{"start": "2026-03-04T04:30:00Z", "end": "2026-03-04T06:30:00Z"}],
        "urgency": "high",
        "tags": ["React"],
    },
    "PATCH /api/mini-mentorship/requests/{request_id}": {"title": "A real interview"},
    "POST /api/mini-mentorship/requests/{request_id}/schedule": {
        "scheduledAt": "2026-03-04T04:30:00Z"
    },
    "POST /api/sessions/group": {
        "title": "Reading code",
        "scheduledAt": "2026-03-09T20:00:00Z",
        "durationMinutes": 60,
        "capacity": 5,
    },
    "PATCH /api/sessions/group/{group_id}": {"title": "Writing code"},
    "POST /api/sessions/group/{group_id}/message": {"message": "Bring paper."},
    "PUT /api/sessions/group/{group_id}/attendance": {
        "bookingId": "BOOKING-00000000",
        "attended": True,
    },
    "POST /api/session-payments/create": {"sessionId": "{session_id}"},
    "POST /api/session-payments/verify": {"orderId": "ORDER-00000000", "paymentMode": "mock"},
}
"""What is sent to the API; what is not here takes no body."""

ABOUT_WHAT_WAS_ASKED = {
    address.format(answer)
    for address in ("PUT /api/sessions/{{session_id}}/{}", "sessions/<str:reference>/{}")
    for answer in ("accept", "reject", "propose", "pick", "answer", "instead")
}
"""These are about the session that Tom has asked Maya for, not the one that is booked."""

HOME: Answers = (200, 200, 200, 200, 200, LOGIN)
MENTORS_PAGE: Answers = (403, 200, 403, 200, 403, LOGIN)
HOSTS_PAGE: Answers = (403, 200, 404, 404, 200, LOGIN)
ITS_PAGE: Answers = (200, 200, 404, 404, 200, LOGIN)
NO_SUCH_METHOD: Answers = (405,) * 6
STAFF_PAGE: Answers = (404, 404, 404, 404, 200, LOGIN)
STAFF_FORM: Answers = (404, 404, 404, 404, 303, LOGIN)
ANSWER: Answers = (403, 200, 404, 404, 200, LOGIN)
BACK_TO_IT: Answers = (303, 303, 404, 404, 303, LOGIN)
"""Refused where there is nothing to pick, on the page of the session itself."""
LEADS_TOM_ON: Answers = (303, 404, 404, 404, 404, LOGIN)
NOBODYS: Answers = (404, 404, 404, 404, 404, LOGIN)

PAGES: dict[str, tuple[Answers, Answers]] = {
    "": (EVERYBODY, EVERYBODY),
    "zone": (EVERYBODY, (422,) * 6),
    "theme": (NO_SUCH_METHOD, (302,) * 6),
    "photos/<slug:name>.webp": ((404,) * 6, (404,) * 6),
    "webhooks/<slug:provider>": (NO_SUCH_METHOD, (422,) * 6),
    "mentors": (EVERYBODY, EVERYBODY),
    "mentors/<str:handle>": (EVERYBODY, EVERYBODY),
    "mentors/<str:handle>/book": (EVERYBODY, (303, 403, 303, 303, 303, LOGIN)),
    "mentors/<str:handle>/request": (EVERYBODY, (303, 403, 303, 303, 303, LOGIN)),
    "my-sessions": (HOME, HOME),
    "group-sessions": (EVERYBODY, NO_SUCH_METHOD),
    "group-sessions/<str:reference>": ((200, 200, 404, 404, 200, 404), NO_SUCH_METHOD),
    "group-sessions/<str:reference>/join": (NO_SUCH_METHOD, (409, 403, 404, 404, 303, LOGIN)),
    "group-sessions/<str:reference>/wait": (NO_SUCH_METHOD, (409, 403, 404, 404, 409, LOGIN)),
    "group-sessions/<str:reference>/leave": (
        (200, 409, 404, 404, 409, LOGIN),
        (303, 409, 404, 404, 409, LOGIN),
    ),
    "group-sessions/<str:reference>/cancel": (HOSTS_PAGE, (403, 303, 404, 404, 303, LOGIN)),
    "group-sessions/<str:reference>/message": (NO_SUCH_METHOD, (403, 303, 404, 404, 303, LOGIN)),
    "group-sessions/<str:reference>/participants": (
        HOSTS_PAGE,
        (403, 409, 404, 404, 409, LOGIN),
    ),
    "group-sessions/<str:reference>/participants.csv": (HOSTS_PAGE, NO_SUCH_METHOD),
    "mentor/group-sessions": (MENTORS_PAGE, NO_SUCH_METHOD),
    "mentor/group-sessions/new": (MENTORS_PAGE, (403, 422, 403, 422, 403, LOGIN)),
    "mentor/group-sessions/<str:reference>": (NOBODYS, NOBODYS),
    "sessions/<str:reference>": (ITS_PAGE, NO_SUCH_METHOD),
    "sessions/<str:reference>.ics": (ITS_PAGE, NO_SUCH_METHOD),
    "sessions/<str:reference>/confirmation": (ITS_PAGE, NO_SUCH_METHOD),
    "sessions/<str:reference>/cancel": (ITS_PAGE, (303, 303, 404, 404, 303, LOGIN)),
    "sessions/<str:reference>/reschedule": (ITS_PAGE, (303, 303, 404, 404, 303, LOGIN)),
    "sessions/<str:reference>/complete": (ITS_PAGE, (403, 409, 404, 404, 409, LOGIN)),
    "sessions/<str:reference>/no-show": (ITS_PAGE, (409, 409, 404, 404, 403, LOGIN)),
    "sessions/<str:reference>/payment": (LEADS_TOM_ON, LEADS_TOM_ON),
    "sessions/<str:reference>/answer": (ANSWER, (403, 409, 404, 404, 409, LOGIN)),
    "sessions/<str:reference>/accept": (ANSWER, (403, 303, 404, 404, 403, LOGIN)),
    "sessions/<str:reference>/reject": (ANSWER, (403, 303, 404, 404, 403, LOGIN)),
    "sessions/<str:reference>/propose": (ANSWER, (403, 303, 404, 404, 403, LOGIN)),
    "sessions/<str:reference>/pick": (NO_SUCH_METHOD, BACK_TO_IT),
    "sessions/<str:reference>/instead": (NO_SUCH_METHOD, BACK_TO_IT),
    "requests": (HOME, NO_SUCH_METHOD),
    "requests/new": (HOME, (303, 303, 303, 303, 303, LOGIN)),
    "requests/<str:reference>": ((200, 303, 404, 303, 200, LOGIN), NO_SUCH_METHOD),
    "requests/<str:reference>/edit": (
        (200, 404, 404, 404, 403, LOGIN),
        (303, 404, 404, 404, 403, LOGIN),
    ),
    "requests/<str:reference>/cancel": (
        (200, 404, 404, 404, 200, LOGIN),
        (303, 404, 404, 404, 303, LOGIN),
    ),
    "board": (MENTORS_PAGE, NO_SUCH_METHOD),
    "board/<str:reference>": (MENTORS_PAGE, NO_SUCH_METHOD),
    "board/<str:reference>/claim": (NO_SUCH_METHOD, (403, 303, 403, 303, 403, LOGIN)),
    "board/<str:reference>/release": (NO_SUCH_METHOD, (403, 403, 404, 403, 409, LOGIN)),
    "board/<str:reference>/schedule": (NO_SUCH_METHOD, (403, 403, 404, 403, 403, LOGIN)),
    "payments/<str:reference>": (LEADS_TOM_ON, NO_SUCH_METHOD),
    "payments/<str:reference>/return": (LEADS_TOM_ON, LEADS_TOM_ON),
    "payments/<str:reference>/checking": ((200, 404, 404, 404, 404, LOGIN), LEADS_TOM_ON),
    "my-payments": (HOME, NO_SUCH_METHOD),
    "my-payments/<str:reference>/receipt": ((200, 404, 404, 404, 200, LOGIN), NO_SUCH_METHOD),
    "staff/payouts": (STAFF_PAGE, NO_SUCH_METHOD),
    "staff/payouts.csv": (STAFF_PAGE, NO_SUCH_METHOD),
    "staff/payouts/<str:handle>": (NO_SUCH_METHOD, STAFF_FORM),
    "staff/refunds": (STAFF_PAGE, NO_SUCH_METHOD),
    "staff/refunds/<str:reference>/retry": (NO_SUCH_METHOD, NOBODYS),
    "staff/books": (STAFF_PAGE, NO_SUCH_METHOD),
    "staff/books/check": (NO_SUCH_METHOD, STAFF_FORM),
    "become-a-mentor": ((200, 303, 200, 303, 200, 200), (200, 303, 200, 303, 200, LOGIN)),
    "mentor": ((303, 200, 303, 200, 303, LOGIN), (303, 200, 303, 200, 303, LOGIN)),
    "mentor/pause": (NO_SUCH_METHOD, (403, 303, 403, 303, 403, LOGIN)),
    "mentor/resume": (NO_SUCH_METHOD, (403, 303, 403, 303, 403, LOGIN)),
    "mentor/availability": (MENTORS_PAGE, (403, 422, 403, 422, 403, LOGIN)),
    "mentor/availability/dates": (NO_SUCH_METHOD, (403, 422, 403, 422, 403, LOGIN)),
    "mentor/availability/dates/clear": (NO_SUCH_METHOD, (403, 303, 403, 303, 403, LOGIN)),
    "mentor/availability/rules": (NO_SUCH_METHOD, (403, 422, 403, 422, 403, LOGIN)),
    "mentor/availability/open-requests": (MENTORS_PAGE, (403, 303, 403, 303, 403, LOGIN)),
    "my-mentorships": (HOME, NO_SUCH_METHOD),
    "packs/<str:reference>": (ITS_PAGE, NO_SUCH_METHOD),
    "packs/<str:reference>/refund": (
        (403, 200, 404, 404, 200, LOGIN),
        (403, 303, 404, 404, 303, LOGIN),
    ),
    "packs/<str:reference>/release": (ITS_PAGE, (403, 409, 404, 404, 303, LOGIN)),
    "pack-offers/<str:reference>/buy": (EVERYBODY, (303, 403, 303, 303, 303, LOGIN)),
    "pack-payments/<str:reference>": (LEADS_TOM_ON, LEADS_TOM_ON),
    "mentors/<str:handle>/seats": (EVERYBODY, (409, 403, 409, 409, 409, LOGIN)),
    "mentors/<str:handle>/seats/leave": (NO_SUCH_METHOD, (409, 409, 409, 409, 409, LOGIN)),
    "mentor/mentees": (MENTORS_PAGE, NO_SUCH_METHOD),
    "mentor/packs": (MENTORS_PAGE, MENTORS_PAGE),
    "mentor/packs/new": (NO_SUCH_METHOD, (403, 303, 403, 422, 403, LOGIN)),
    "mentor/packs/<str:reference>": (NO_SUCH_METHOD, (403, 303, 403, 404, 403, LOGIN)),
    "mentor/packs/<str:reference>/switch": (NO_SUCH_METHOD, (403, 303, 403, 404, 403, LOGIN)),
    "mentor/session-types": (MENTORS_PAGE, MENTORS_PAGE),
    "mentor/session-types/new": (NO_SUCH_METHOD, (403, 303, 403, 303, 403, LOGIN)),
    "mentor/session-types/<str:reference>": (
        NO_SUCH_METHOD,
        (403, 303, 403, 404, 403, LOGIN),
    ),
    "mentor/session-types/<str:reference>/switch": (
        NO_SUCH_METHOD,
        (403, 303, 403, 404, 403, LOGIN),
    ),
    "mentor/session-types/<str:reference>/delete": (
        NO_SUCH_METHOD,
        (403, 303, 403, 404, 403, LOGIN),
    ),
    "mentor/earnings": (MENTORS_PAGE, NO_SUCH_METHOD),
    "mentor/earnings.csv": (MENTORS_PAGE, NO_SUCH_METHOD),
    "mentor/settings": (MENTORS_PAGE, MENTORS_PAGE),
    "mentor/settings/photo": (NO_SUCH_METHOD, (403, 422, 403, 422, 403, LOGIN)),
    "sessions/<str:reference>/join": ((409, 409, 404, 404, 409, LOGIN), NO_SUCH_METHOD),
    "sessions/<str:reference>/meeting": (ITS_PAGE, NO_SUCH_METHOD),
    "mentor/meetings": (MENTORS_PAGE, MENTORS_PAGE),
    "notifications": (HOME, NO_SUCH_METHOD),
    "notifications/unread": (HOME, NO_SUCH_METHOD),
    "notifications/read": (NO_SUCH_METHOD, (303, 303, 303, 303, 303, LOGIN)),
    "notifications/<str:reference>": ((302, 404, 404, 404, 404, LOGIN), NO_SUCH_METHOD),
    "unsubscribe/<str:token>": (EVERYBODY, EVERYBODY),
    "mailbox": ((404,) * 6, NO_SUCH_METHOD),
    "mailbox/<str:reference>": ((404,) * 6, NO_SUCH_METHOD),
    "mailbox/<str:reference>/look": ((404,) * 6, NO_SUCH_METHOD),
    "account/notifications": (HOME, (303, 303, 303, 303, 303, LOGIN)),
    "account/profile": (HOME, HOME),
    "account/tokens": (HOME, HOME),
    "account/tokens/new": (NO_SUCH_METHOD, (302, 302, 302, 302, 302, LOGIN)),
    "account/tokens/<str:reference>/revoke": (
        NO_SUCH_METHOD,
        (302, 404, 404, 404, 404, LOGIN),
    ),
    "account/sign-ins/<uuid:sid>/end": (NO_SUCH_METHOD, (302, 302, 302, 302, 302, LOGIN)),
}
"""What a page answers, looked at and sent a form."""

NEED = {
    "kind": "other",
    "title": "A need",
    "duration": "30",
    "format": "video",
    "urgency": "low",
    "zone": "UTC",
    "cell": "2026-03-05T09",
    "key": "once",
    "do": "save",
}
PACK = {
    "title": "Four",
    "session_type": "{session_type_id}",
    "sessions": "4",
    "validity_days": "45",
    "currency": "INR",
}

FORMS: dict[str, dict[str, str]] = {
    "group-sessions/<str:reference>/message": {"text": "Bring paper."},
    "mentors/<str:handle>/book": {
        "type": "{session_type_id}",
        "time": "2026-03-05T04:30:00Z",
        "key": "once",
    },
    "sessions/<str:reference>/reschedule": {"time": "2026-03-05T04:30:00Z"},
    "mentors/<str:handle>/request": {
        "what": "45",
        "date": "2026-03-06",
        "time": "20:00",
        "zone": "UTC",
        "key": "once",
    },
    "sessions/<str:reference>/reject": {"reason": "I am away."},
    "sessions/<str:reference>/propose": {"zone": "UTC", "date": "2026-03-08", "time": "20:00"},
    "sessions/<str:reference>/pick": {"time": "2026-03-08T20:00:00Z"},
    "sessions/<str:reference>/instead": {"time": "2026-03-08T20:00:00Z"},
    "requests/new": NEED,
    "requests/<str:reference>/edit": NEED,
    "board/<str:reference>/schedule": {"time": "2026-03-08T20:00:00Z"},
    "mentor/availability/open-requests": {"do": "save", "start-2": "18:00", "end-2": "22:00"},
    "staff/payouts/<str:handle>": {"amount": "1", "currency": "INR", "key": "once"},
    "mentor/availability/dates/clear": {"first": "2026-03-05", "last": "2026-03-05"},
    "pack-offers/<str:reference>/buy": {"key": "once"},
    "mentor/packs/new": PACK,
    "mentor/packs/<str:reference>": PACK,
    "mentor/session-types/new": {"title": "New", "duration_minutes": "30", "currency": "INR"},
    "mentor/session-types/<str:reference>": {
        "title": "Other",
        "duration_minutes": "30",
        "currency": "INR",
    },
}
"""What is sent to a page; what is not here is sent an empty form."""

PUBLIC_ACCOUNTS: dict[str, int] = {
    "account/login/": 200,
    "account/logout/": 302,
    "account/signup/": 200,
    "account/inactive/": 200,
    "account/confirm-email/": 200,
    "account/password/reset/": 200,
    "account/password/reset/done/": 200,
    "account/password/reset/key/done/": 200,
}
"""Pages of allauth that visitors may see; all the others send them to the page to sign in."""
