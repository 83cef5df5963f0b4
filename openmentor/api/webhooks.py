"""Where the payment providers tell what happened: `/webhooks/razorpay`, `/webhooks/stripe`."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from openmentor.api import problem
from openmentor.base import clock
from openmentor.base.errors import Refusal
from openmentor.booking import checkout


@csrf_exempt
@require_POST
def hear(request: HttpRequest, provider: str) -> HttpResponse:
    """Answers 200 only after what was told is committed; anything not authentic is a 4xx."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:  # Ninja's handlers do not reach this address.
        checkout.hear(provider, headers=headers, body=request.body, now=clock.now())
    except Refusal as refusal:
        return problem.of_refusal(refusal)
    return JsonResponse({"received": True})
