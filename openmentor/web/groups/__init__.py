"""Group sessions: found, joined and left by mentees; planned and run by their hosts."""
