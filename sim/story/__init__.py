"""What happened in a run and why, told in plain words for council officers.

The words for scopes, reasons and contributions come from their declarations, so the command line,
the page and the listings all speak alike.
"""

from .account import narrative
from .deals import failed_deal
from .pairs import pair_history
from .reasons import reasons_in_words
from .sentences import sentence

__all__ = ["failed_deal", "narrative", "pair_history", "reasons_in_words", "sentence"]
