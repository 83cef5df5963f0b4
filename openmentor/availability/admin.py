"""For staff: when mentors are open, as they said it. They change it themselves."""

import calendar

from django.contrib import admin

from openmentor.availability.hours import format_time
from openmentor.availability.models import DateOverride, WeeklyHours
from openmentor.base.admin import never


@admin.register(WeeklyHours)
class WeeklyHoursAdmin(admin.ModelAdmin):
    """The ranges of mentors' weeks, on their own clocks."""

    has_add_permission = has_change_permission = has_delete_permission = never
    list_display = ("mentor", "day", "hours", "zone")
    list_filter = ("weekday",)
    list_select_related = ("mentor",)
    search_fields = ("mentor__handle", "mentor__person__name")
    ordering = ("mentor__handle", "weekday", "start_minute")

    @admin.display(ordering="weekday")
    def day(self, row: WeeklyHours) -> str:
        """The weekday's name."""
        return calendar.day_name[row.weekday]

    @admin.display(ordering="start_minute")
    def hours(self, row: WeeklyHours) -> str:
        """The range as people write it."""
        return f"{format_time(row.start_minute)}–{format_time(row.end_minute)}"

    @admin.display(description="On the clock of")
    def zone(self, row: WeeklyHours) -> str:
        """The mentor's zone."""
        return row.mentor.timezone


@admin.register(DateOverride)
class DateOverrideAdmin(admin.ModelAdmin):
    """The dates on which mentors have other hours, or none."""

    has_add_permission = has_change_permission = has_delete_permission = never
    list_display = ("mentor", "on", "hours")
    list_filter = ("on",)
    list_select_related = ("mentor",)
    search_fields = ("mentor__handle", "mentor__person__name")
    ordering = ("-on", "mentor__handle")

    @admin.display
    def hours(self, row: DateOverride) -> str:
        """The range as people write it, or that there is none."""
        if row.start_minute is None or row.end_minute is None:
            return "not available"
        return f"{format_time(row.start_minute)}–{format_time(row.end_minute)}"
