"""What runs when: cron expressions, in UTC."""

from typing import Any

from procrastinate.contrib.django import app

from openmentor.jobs import tasks

TIMETABLE: tuple[tuple[str, Any], ...] = (
    ("* * * * *", tasks.complete_overdue_sessions),
    ("17 3 * * *", tasks.forget_old_answers),
    ("*/10 * * * *", tasks.tidy_the_queue),
)

for cron, task in TIMETABLE:
    app.periodic(cron=cron, periodic_id=task.name)(task)
