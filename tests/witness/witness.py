"""The third witness: what is claimed of every life, checked on the log and the books alone.

It calls no rule of either model. What the two models could have misread alike, it reads for itself.
"""

from . import councils, deals, decisions, known, measured, money, moves, opening, purse
from .claims import contradictions, in_words, names
from .life import Life, life_of_engine, life_of_plain

SUBJECTS = (councils, deals, decisions, known, measured, money, moves, opening, purse)
"""Where the claims are written; importing them puts them on the list."""

__all__ = ["SUBJECTS", "Life", "contradictions", "in_words", "life_of_engine", "life_of_plain",
           "names"]  # fmt: skip
