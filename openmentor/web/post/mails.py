"""What comes by mail: a choice, and the way out that is in the mails themselves."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from openmentor.delivery import preferences
from openmentor.delivery.kinds import OPTIONAL
from openmentor.web import readers
from openmentor.web.redirects import see_other


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """What comes by mail, besides what always does."""
    reader = readers.person(request)
    if request.method == "POST":
        preferences.choose(reader, request.POST.getlist("topics"))
        messages.success(request, "Your choice is saved.")
        return see_other("mail_preferences")
    topics = [(topic.value, words) for topic, words in OPTIONAL.items()]
    context = {"topics": topics, "wanted": preferences.wanted(reader)}
    return render(request, "account_pages/mails.html", context)


@csrf_exempt  # Mail programs press the button by themselves (RFC 8058); the token is the proof.
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The way out of a kind of mail. A look at it changes nothing: scanners follow links."""
    if request.method == "POST":
        topic = preferences.mute(token)
        context = {"words": OPTIONAL[topic], "done": True}
    else:
        _, topic = preferences.meant(token)
        context = {"words": OPTIONAL[topic], "done": False}
    return render(request, "notifications/unsubscribe.html", context)
