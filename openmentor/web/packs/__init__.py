"""Pages about packs, seats and mentorships."""
