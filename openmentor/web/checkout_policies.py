"""What a payment page lets a browser load and talk to: what the provider needs, only there.

Sources: Razorpay's own list for Magento (razorpay-magento, etc/csp_whitelist.xml); Stripe's page
is another site's, so only the way there is opened.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.utils.csp import CSP

_RAZORPAY_SCRIPTS = ("https://cdn.razorpay.com",)
_RAZORPAY_REPORTS = ("https://lumberjack.razorpay.com", "https://lumberjack-metrics.razorpay.com")


def loosen(response: HttpResponse, *, stripe: bool, razorpay: bool) -> HttpResponse:
    """The response with what these providers' checkouts need, and nothing else."""
    if stripe:
        # A form may only lead where its policy says, redirects included.
        page = _origin(settings.PAYMENT_PROVIDERS["stripe"]["checkout_url"])
        _allow(response, {"form-action": [page]})
    if razorpay:
        options = settings.PAYMENT_PROVIDERS["razorpay"]
        _allow_razorpay(response, _origin(options["checkout_url"]), _origin(options["base_url"]))
    return response


def _allow_razorpay(response: HttpResponse, script: str, frame: str) -> None:
    """Its script lays a frame over the page, styled in place; banks open in windows of their own.

    A nonce would make browsers ignore that styles are allowed.
    """
    _allow(
        response,
        {
            "script-src": [script, *_RAZORPAY_SCRIPTS],
            "frame-src": [frame, script],
            "connect-src": [frame, *_RAZORPAY_REPORTS],
            "img-src": [script, *_RAZORPAY_SCRIPTS],
            "style-src": [CSP.UNSAFE_INLINE],
        },
    )
    response["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"


def _allow(response: HttpResponse, more: dict[str, list[str]]) -> None:
    policy = dict(getattr(response, "_csp_config", settings.SECURE_CSP))
    for directive, sources in more.items():
        known = [source for source in policy.get(directive, []) if source != CSP.NONCE]
        policy[directive] = list(dict.fromkeys([*known, *sources]))
    response._csp_config = policy  # type: ignore[attr-defined]  # noqa: SLF001 - as csp_override does


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
