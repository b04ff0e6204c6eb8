"""Which councils there are, and who touches whom: England, a user's own table, or drawn."""
