"""The centre: sessions, their places, and how both move."""
