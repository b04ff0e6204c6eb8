"""Work spread over this process, several of this machine, or a cluster: jobs of anything.

What comes of a job depends neither on where it is done nor on how the work was cut into jobs.
"""
