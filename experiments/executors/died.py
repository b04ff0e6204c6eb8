"""What is said when workers are killed again and again."""

TRIES = 3
"""How often a task is tried whose workers are killed."""
KILLED = "WorkerDied: the worker process was killed, {} times"
"""What stands in place of the result of such a task."""


class WorkerDied(RuntimeError):
    """Work ended before it was done; the message says what to do."""


def died() -> WorkerDied:
    """Return the error of work at which the workers of this machine are killed each time."""
    return WorkerDied(
        f"worker processes were killed, {TRIES} times at the same work: the system may stop them "
        "for want of memory. Give fewer --workers, or less to do at a time."
    )
