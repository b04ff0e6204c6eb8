"""What happened in a run and why, told in plain words for council officers.

The words for scopes, reasons and contributions come from their declarations, so the command line,
the page and the listings all speak alike.
"""

from .account import narrative
from .deals import failed_deal
from .decisions import Decision, decision
from .known import Known, known_of
from .pairs import pair_history
from .reasons import in_words
from .sentences import sentence

__all__ = [
    "Decision",
    "Known",
    "decision",
    "failed_deal",
    "in_words",
    "known_of",
    "narrative",
    "pair_history",
    "sentence",
]
