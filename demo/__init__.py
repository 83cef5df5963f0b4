"""The demo: a cast of people, and the story that fills an installation with them."""
