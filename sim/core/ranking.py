"""Putting things in order, the smallest first; what is equal keeps its order."""

from .compiled import compiled


@compiled
def rank(keys, order, spare, n):
    """Fill `order` with the places of the first n keys, ascending; `spare` is room for as many."""
    for k in range(n):
        order[k] = k
    width = 1
    while width < n:
        for start in range(0, n, 2 * width):
            middle, end = min(start + width, n), min(start + 2 * width, n)
            merge_runs(keys, order, spare, start, middle, end)
        for k in range(n):
            order[k] = spare[k]
        width *= 2


@compiled
def merge_runs(keys, order, spare, start, middle, end):
    """Merge two runs in order into `spare`: from start, and from middle to before end."""
    left, right = start, middle
    for k in range(start, end):
        if left < middle and (right >= end or keys[order[left]] <= keys[order[right]]):
            spare[k] = order[left]
            left += 1
        else:
            spare[k] = order[right]
            right += 1
