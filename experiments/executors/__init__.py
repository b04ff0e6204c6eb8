"""Where the runs of a study are lived: in this process, in several of this machine, or a cluster.

Each executor takes jobs from one place and yields what came of them in any order. What is in the
results never depends on which executor it was, nor on how the runs were cut into jobs.
"""
