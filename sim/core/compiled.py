"""How a rule is marked for the compiler. What compiles and keeps the rules is `sim.machine`."""

try:
    import numba
except Exception:  # one that does not fit what is installed fails in many ways
    numba = None


def compiled(rule):
    """Mark a rule: no fast maths, so that the bits are the same everywhere.

    Left to itself the compiler would compile a rule anew for every number written where the rule is
    called, and for every size of whole number that it is called with.
    """
    return _marked(rule, False)


def inlined(rule):
    """Mark a rule that is written out wherever it is called, so that the two are thought as one.

    For rules that fill contributions: where all that fill them are written out, the compiler sees
    which are never filled, and neither clears nor adds these.
    """
    return _marked(rule, True)


def _marked(rule, inside):
    if numba is None:  # rules are plain Python, and the machine says so
        return rule
    made = numba.njit(error_model="numpy", forceinline=inside)(rule)
    find = getattr(made, "get_call_template", None)
    if find is not None:  # else rules are plain Python: NUMBA_DISABLE_JIT
        made.get_call_template = lambda args, named: find(tuple(map(plain, args)), named)
    return made


def plain(kind):
    """Return the type in which a rule takes an argument of some type: one for all whole numbers."""
    kind = numba.types.unliteral(kind)
    return numba.types.int64 if isinstance(kind, numba.types.Integer) else kind
