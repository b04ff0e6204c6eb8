"""One scenario run many times: the question, its runs, its folder, what is shown of it."""
