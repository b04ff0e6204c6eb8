"""The questions: what is run, how it is spread over workers, what is stored and what is shown."""
