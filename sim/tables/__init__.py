"""Runs become columns and tables: what was measured, what happened, who agreed with whom."""
