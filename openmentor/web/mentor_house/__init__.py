"""The mentor's house: becoming a mentor, hours, session types, settings."""
