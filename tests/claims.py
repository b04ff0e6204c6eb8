"""One claim about many things is one test: it fails with the list of all that offend."""

import inspect
from functools import wraps


def for_all(names, cases):
    """Make of a test of one case a claim about all of them; written like `parametrize`."""
    given = [names] if isinstance(names, str) else list(names)

    def decorate(test):
        signature = inspect.signature(test)
        left = [each for name, each in signature.parameters.items() if name not in given]

        @wraps(test)
        def claim(**fixtures):
            offenders, count = [], 0
            for case in cases:
                count += 1
                values = (case,) if isinstance(names, str) else case
                try:
                    test(**fixtures, **dict(zip(given, values, strict=True)))
                except Exception as error:
                    offenders.append(f"{_called(case)}: {type(error).__name__} {error}")
            assert count, "a claim about nothing"
            assert not offenders, f"{len(offenders)} of {count}:\n" + "\n".join(offenders)

        claim.__signature__ = signature.replace(parameters=left)
        return claim

    return decorate


def _called(case):
    return str(getattr(case, "name", case))
