import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0008_paid_by_packs"),
        ("delivery", "0001_messages"),
        ("mentors", "0004_pack_offers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="meeting",
                        serialize=False,
                        to="booking.session",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("jitsi", "Jitsi"),
                            ("zoom", "Zoom"),
                            ("meet", "Google Meet"),
                            ("link", "A link of my own"),
                            ("phone", "By phone"),
                        ],
                        max_length=5,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("wanted", "Wanted"), ("made", "Made"), ("failed", "Failed")],
                        default="wanted",
                        max_length=6,
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=1000)),
                ("provider_id", models.CharField(blank=True, max_length=200)),
                ("known_until", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("try_at", models.DateTimeField()),
                ("trouble", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "wanted")),
                        fields=["try_at"],
                        name="meeting_to_make",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "made"), _negated=True),
                            models.Q(("address", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="meeting_made_has_its_address",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingChoice",
            fields=[
                (
                    "mentor",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="meeting_choice",
                        serialize=False,
                        to="mentors.mentor",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("jitsi", "Jitsi"),
                            ("zoom", "Zoom"),
                            ("meet", "Google Meet"),
                            ("link", "A link of my own"),
                            ("phone", "By phone"),
                        ],
                        max_length=5,
                    ),
                ),
                ("link", models.URLField(blank=True, max_length=500)),
                ("phone", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("place", "link"), _negated=True),
                            models.Q(("link", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="meeting_choice_has_its_link",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("place", "phone"), _negated=True),
                            models.Q(("phone", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="meeting_choice_has_its_phone",
                    ),
                ],
            },
        ),
    ]
