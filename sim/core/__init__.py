"""The machine: compiled rules over arrays. It knows numbers only: no files, no words, no clock."""
