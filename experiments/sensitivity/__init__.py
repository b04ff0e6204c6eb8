"""Which uncertainties matter, and how much is luck."""
