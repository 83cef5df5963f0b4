"""What people are told: notifications, what comes by mail, and the demo's mailbox."""
