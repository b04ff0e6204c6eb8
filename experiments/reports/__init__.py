"""One page about a result, for people."""
