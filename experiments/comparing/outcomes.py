"""The eight outcomes of a scorecard: what is shown before anybody says what matters to them.

They stand on equal terms: none is better for being higher, and none decides. Promised, reported
and true saving are never added up; where true saving stands here, the other two are told beside it.
"""

from __future__ import annotations

EIGHT: dict[str, str] = {
    "public_net": "true saving less every cost: what councils, residents and government gain "
    "together",
    "true_saving": "what reaches budgets in a year, to be held against what is promised and said",
    "agreements": "how much is shared at the end",
    "talks_failed": "how many deals die before they are signed, and leave their lessons",
    "ended": "how many agreements break up, whatever they had promised",
    "reserves": "what councils have left for bad times, before a section 114 notice",
    "tax_paid": "what residents have paid in council tax",
    "local_contact": "what residents lose when their council moves further away",
}
"""By measure, in the order in which they are shown: what it tells whoever has to act."""
TRUE = "true_saving"
SAVINGS = ("promised", "reported", TRUE)
"""What business cases say, what councils say, and what is true: side by side, never added up."""
