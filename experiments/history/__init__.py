"""England to the end of 2014: what the model is held against, and how near it comes."""
