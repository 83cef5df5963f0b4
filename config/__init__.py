"""How this installation is wired: settings, addresses, the WSGI entry."""
