"""Every component in every state, on one page; only in the demo."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openmentor.web.statuses import STATUSES

TEXT = """## What I do

I have led **three teams**. Ask me about:

- moving into a lead role
- [system design](https://example.com)

> Slow is smooth.
"""


class Sample(forms.Form):
    """A form with every kind of field."""

    name = forms.CharField(help_text="As you want your mentor to call you.")
    email = forms.EmailField(label="Email address")
    about = forms.CharField(widget=forms.Textarea, required=False)
    goal = forms.ChoiceField(choices=[("job", "A new job"), ("skill", "A new skill")])
    format = forms.ChoiceField(
        choices=[("video", "Video call"), ("phone", "Phone call")], widget=forms.RadioSelect
    )
    photo = forms.FileField(required=False)
    agreed = forms.BooleanField(label="I will be kind and on time")


def show(request: HttpRequest) -> HttpResponse:
    """The style guide."""
    messages.success(request, "Your session is booked.")
    return render(
        request,
        "styleguide.html",
        {
            "empty_form": Sample(auto_id="empty_%s"),
            "wrong_form": Sample({"email": "tom@", "name": "Tom"}, auto_id="wrong_%s"),
            "at": datetime(2026, 11, 24, 18, 50, tzinfo=UTC),
            "until": datetime(2026, 11, 24, 19, 35, tzinfo=UTC),
            "kolkata": ZoneInfo("Asia/Kolkata"),
            "statuses": STATUSES,
            "text": TEXT,
        },
    )
