"""Pages about requests: to one mentor, and open ones that mentors claim."""
