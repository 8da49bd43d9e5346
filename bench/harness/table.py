"""The lines that a bench prints."""

import statistics


class Table:
    def __init__(self):
        self.wrong = False  # an answer was not what it must be

    def add(self, name, value, unit, target="-", met=None):
        verdict = "-" if met is None else "PASS" if met else "FAIL"
        number = f"{value:.3g}" if isinstance(value, float) and abs(value) < 100 else f"{value:.0f}"
        print(f"{name:44} {number:>10} {unit:14} {target:10} {verdict}", flush=True)

    def at_least(self, name, value, unit, least):
        self.add(name, value, unit, f">={least}", value >= least)

    def at_most(self, name, value, unit, most):
        self.add(name, value, unit, f"<={most}", value <= most)

    def right(self, name, value, unit, right):
        """A check of answers, not of speed: a miss fails the run."""
        self.wrong = self.wrong or not right
        self.add(name, value, unit, "right", right)


class Rounds:
    """Values by name, one a round."""

    def __init__(self):
        self.values = {}

    def add(self, name, value):
        self.values.setdefault(name, []).append(value)

    def median(self, name):
        return statistics.median(self.values[name])

    def ratio(self, above, below):
        """The median of the rounds' ratios."""
        return statistics.median(a / b for a, b in zip(self.values[above], self.values[below]))
