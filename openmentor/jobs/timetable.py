"""What runs when: cron expressions, in UTC; a sixth field is for seconds."""

from typing import Any

from procrastinate.contrib.django import app

from openmentor.jobs import tasks

TIMETABLE: tuple[tuple[str, Any], ...] = (
    ("* * * * * */3", tasks.react_to_events),
    ("* * * * *", tasks.send_messages),
    ("* * * * *", tasks.make_due_meetings),
    ("* * * * *", tasks.complete_overdue_sessions),
    ("* * * * *", tasks.expire_holds),
    ("* * * * *", tasks.offers_expire_due),
    ("* * * * *", tasks.judge_minimums),
    ("* * * * *", tasks.expire_requests),
    ("* * * * *", tasks.tend_the_board),
    ("* * * * *", tasks.tend_mentorships),
    ("* * * * *", tasks.carry_out_due_refunds),
    ("*/5 * * * *", tasks.remind_of_requests),
    ("*/5 * * * *", tasks.reconcile_orders),
    ("7 * * * *", tasks.check_the_books),
    ("17 3 * * *", tasks.forget_old_answers),
    ("37 * * * *", tasks.forget_old_sign_ins),
    ("*/10 * * * *", tasks.tidy_the_queue),
)

for cron, task in TIMETABLE:
    app.periodic(cron=cron, periodic_id=task.name)(task)
