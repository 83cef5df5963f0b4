"""Mentorships: who, the seat that is kept, and the packs with their ledgers.

The constraints here and the triggers of migration 0002 are the law of SPEC §4, 3 and 6.
"""

from openmentor.mentorships.models.ledgers import PackEntry
from openmentor.mentorships.models.packs import Pack, Purchase, new_pack_reference
from openmentor.mentorships.models.pairs import Mentorship, Seat
from openmentor.mentorships.models.reminders import RenewalReminder

__all__ = [
    "Mentorship",
    "Pack",
    "PackEntry",
    "Purchase",
    "RenewalReminder",
    "Seat",
    "new_pack_reference",
]
