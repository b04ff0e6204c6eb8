"""One scenario run many times: the experiment, its runs, its folder, what is shown of it."""
