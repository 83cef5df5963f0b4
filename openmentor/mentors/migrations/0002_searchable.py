"""Mentors can be searched, accents and case aside; and the most active mentees have a limit."""

from django.db import migrations, models

FOLDING = r"""
CREATE FUNCTION openmentor_folded(words text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(regexp_replace(normalize(words, NFKD), '[\u0300-\u036f]', '', 'g'));
CREATE FUNCTION openmentor_folded(words text[]) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ARRAY(SELECT openmentor_folded(word) FROM unnest(words) AS word);
CREATE FUNCTION openmentor_mentor_text(headline text, job_title text, words text[], bio text)
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN openmentor_folded(
        concat_ws(' ', headline, job_title, array_to_string(words, ' '), bio)
    );
"""
NOT_FOLDING = """
DROP FUNCTION openmentor_mentor_text(text, text, text[], text);
DROP FUNCTION openmentor_folded(text[]);
DROP FUNCTION openmentor_folded(text);
"""


class Migration(migrations.Migration):
    dependencies = [("mentors", "0001_initial")]
    operations = [
        migrations.RunSQL(FOLDING, NOT_FOLDING),
        migrations.RemoveConstraint(
            model_name="mentor",
            name="mentor_prices_are_in_range",
        ),
        migrations.RemoveConstraint(
            model_name="mentor",
            name="mentor_booking_settings_are_in_range",
        ),
        migrations.AddField(
            model_name="mentor",
            name="search_text",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    models.F("headline"),
                    models.F("job_title"),
                    models.F("specialisations"),
                    models.F("bio"),
                    function="openmentor_mentor_text",
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddConstraint(
            model_name="mentor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("one_on_one_price_minor__range", (0, 10000000000)),
                        ("one_on_one_price_minor", None),
                        _connector="OR",
                    ),
                    models.Q(
                        ("group_price_minor__range", (0, 10000000000)),
                        ("group_price_minor", None),
                        _connector="OR",
                    ),
                ),
                name="mentor_prices_are_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="mentor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("max_active_mentees__range", (0, 10000)),
                        ("max_active_mentees", None),
                        _connector="OR",
                    ),
                    models.Q(
                        ("grace_period_days__range", (0, 30)),
                        ("grace_period_days", None),
                        _connector="OR",
                    ),
                    models.Q(
                        ("min_notice_minutes__range", (0, 86400)),
                        ("min_notice_minutes", None),
                        _connector="OR",
                    ),
                    models.Q(
                        ("horizon_days__range", (1, 365)), ("horizon_days", None), _connector="OR"
                    ),
                    models.Q(
                        ("step_minutes__range", (5, 480)), ("step_minutes", None), _connector="OR"
                    ),
                    models.Q(
                        ("buffer_before__range", (0, 240)), ("buffer_before", None), _connector="OR"
                    ),
                    models.Q(
                        ("buffer_after__range", (0, 240)), ("buffer_after", None), _connector="OR"
                    ),
                    models.Q(
                        ("max_per_day__range", (1, 100)), ("max_per_day", None), _connector="OR"
                    ),
                    models.Q(
                        ("max_per_week__range", (1, 500)), ("max_per_week", None), _connector="OR"
                    ),
                ),
                name="mentor_booking_settings_are_in_range",
            ),
        ),
    ]
