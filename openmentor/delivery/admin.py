"""For staff: what was sent to whom, what was not and why, and sending it again."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from openmentor.base import clock
from openmentor.base.admin import never
from openmentor.delivery import resending
from openmentor.delivery.models import Message, Muted, Notification
from openmentor.people.admin import member


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """Mails: queued, sent, failed, or dropped because they were not true any more."""

    has_add_permission = has_change_permission = has_delete_permission = never
    list_display = ("reference", "kind", "person", "state", "due_at", "sent_at", "tries", "trouble")
    list_filter = ("state", "kind", "due_at")
    list_select_related = ("person",)
    search_fields = ("reference", "person__name", "person__email", "=session__reference", "subject")
    ordering = ("-id",)
    show_full_result_count = False
    actions = ("send_again",)

    def has_send_again_permission(self, request: HttpRequest) -> bool:
        """Whoever may see messages may send them again."""
        return self.has_view_permission(request)

    @admin.action(description="Send again", permissions=["send_again"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[Message]) -> None:
        """Each as a mail of its own, word for word; what failed is written anew."""
        references = [message.reference for message in chosen]
        refused = resending.send_all_again(references, by=member(request), now=clock.now())
        for reference in references:
            if reference in refused:
                messages.error(request, f"{reference}: {refused[reference]}")
            else:
                messages.success(request, f"{reference} goes out again.")


@admin.register(Notification)
class NotificationAdmin(admin.ModelAdmin):
    """What people find inside OpenMentor."""

    has_add_permission = has_change_permission = has_delete_permission = never
    list_display = ("reference", "person", "kind", "text", "at", "read_at")
    list_filter = ("kind", "at")
    list_select_related = ("person",)
    search_fields = ("reference", "person__name", "person__email", "text")
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(Muted)
class MutedAdmin(admin.ModelAdmin):
    """What people do not want by mail."""

    has_add_permission = has_change_permission = has_delete_permission = never
    list_display = ("person", "topic")
    list_select_related = ("person",)
