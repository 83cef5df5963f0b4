"""OpenMentor: mentorship sessions booked without surprises."""
