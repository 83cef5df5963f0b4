"""Notifications, mails, the mailbox."""

from django.urls import path

from openmentor.web.post import mailbox, mails, meetings, notifications

urlpatterns = [
    path("notifications", notifications.show, name="notifications"),
    path("notifications/unread", notifications.unread, name="notifications_unread"),
    path("notifications/read", notifications.read, name="notifications_read"),
    path("notifications/<str:reference>", notifications.follow, name="notification"),
    path("account/notifications", mails.choose, name="mail_preferences"),
    path("unsubscribe/<str:token>", mails.unsubscribe, name="unsubscribe"),
    path("sessions/<str:reference>/join", meetings.join, name="session_join"),
    path("sessions/<str:reference>/meeting", meetings.part, name="session_meeting"),
    path("mentor/meetings", meetings.choose, name="mentor_meetings"),
    path("mailbox", mailbox.show, name="mailbox"),
    path("mailbox/<str:reference>", mailbox.read, name="mailbox_mail"),
    path("mailbox/<str:reference>/look", mailbox.look, name="mailbox_look"),
]
