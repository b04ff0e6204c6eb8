"""How a rule is marked for the compiler. What compiles and keeps the rules is `sim.machine`."""

import numba


def compiled(rule):
    """Mark a rule: no fast maths, so that the bits are the same everywhere.

    A number written in a rule is a number like any other to the compiler; left to itself it would
    compile a rule anew for every such number that the rule is called with.
    """
    made = numba.njit(error_model="numpy")(rule)
    find = getattr(made, "get_call_template", None)
    if find is not None:  # else rules are plain Python: NUMBA_DISABLE_JIT
        made.get_call_template = lambda args, named: find(
            tuple(numba.types.unliteral(kind) for kind in args), named
        )
    return made
