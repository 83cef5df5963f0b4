"""What lasts: packs, the seats they reserve, and the mentorships that they make."""
