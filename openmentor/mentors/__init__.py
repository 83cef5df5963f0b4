"""What is offered: mentor profiles, booking settings, session types."""
