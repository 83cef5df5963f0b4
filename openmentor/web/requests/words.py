"""What open requests are called on pages."""

from typing import Final

KINDS: Final = {
    "interview_prep": "Interview preparation",
    "skill_learning": "Learning a skill",
    "resume_review": "Résumé review",
    "career_advice": "Career advice",
    "technical_help": "Technical help",
    "portfolio_review": "Portfolio review",
    "other": "Something else",
}
FORMATS: Final = {"video": "Video call", "phone": "Phone call"}
URGENCIES: Final = {"low": "Low", "normal": "Normal", "high": "High"}
DURATIONS: Final = {"30": "30 minutes", "45": "45 minutes", "60": "60 minutes"}
