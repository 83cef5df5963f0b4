"""Money's tables in the Django admin: to be looked up, never to be edited by hand."""

from typing import Any

from django.contrib import admin
from django.db.models import Model

from openmentor.payments.models import (
    LedgerEntry,
    Order,
    Payment,
    Payout,
    ProviderMessage,
    Refund,
)


class Ledgered(admin.ModelAdmin):
    """A table that only verbs write: a change by hand would make the books disagree."""

    def has_add_permission(self, request: Any) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Model | None = None) -> bool:
        return False


admin.site.register(
    Order,
    Ledgered,
    list_display=("reference", "payer", "mentor", "status", "amount_minor", "currency", "paid_at"),
    list_filter=("status", "provider", "currency"),
    search_fields=("reference", "provider_order_id", "payer__email", "receipt_number"),
    list_select_related=("payer", "mentor__person"),
)
admin.site.register(
    Payment,
    Ledgered,
    list_display=("reference", "order", "provider", "amount_minor", "refunded_minor", "currency"),
    list_filter=("provider", "settles", "currency"),
    search_fields=("reference", "provider_payment_id", "order__reference"),
    list_select_related=("order",),
)
admin.site.register(
    Refund,
    Ledgered,
    list_display=("reference", "payment", "status", "reason", "amount_minor", "currency"),
    list_filter=("status", "reason", "currency"),
    search_fields=("reference", "provider_refund_id", "payment__reference"),
    list_select_related=("payment",),
)
admin.site.register(
    LedgerEntry,
    Ledgered,
    list_display=("at", "account", "amount_minor", "currency", "cause", "order", "payout"),
    list_filter=("cause", "currency"),
    search_fields=("account", "order__reference", "payment__reference"),
    list_select_related=("order", "payout__mentor__person"),
)
admin.site.register(
    Payout,
    Ledgered,
    list_display=("paid_at", "mentor", "amount_minor", "currency", "note"),
    list_filter=("currency",),
    search_fields=("mentor__handle", "mentor__person__email", "note"),
    list_select_related=("mentor__person",),
)
admin.site.register(
    ProviderMessage,
    Ledgered,
    list_display=("heard_at", "provider", "kind", "event_id"),
    list_filter=("provider",),
    search_fields=("event_id", "kind"),
)
