"""Which values of the uncertain numbers history allows: a calibration, and how sure it is."""
