#!/usr/bin/env bash
# Mesa 3.3.1: a row of `batch_run` holds the model of one step and the agents of another.
#
# Expected: in a row of `mesa.batch_run`, what the model reports and what its agents report
#   are of one moment, and the last step of the run is among the rows.
# Happens, without a warning:
#   - A model that collects at the end of each step: the model's columns are found by place in
#     their list (0 is step 1), the agents' by the number of the step. So beside each row of the
#     model stand the agents one step earlier, the first row has no agents at all, and the agents
#     of the last step are never there; nor with the default period, the end of the run alone.
#   - A model that also collects when it is made: rows match, but the last step is never there,
#     so "the end of the run" is the step before it.
# Seen: 3.0.0, 3.2.0, 3.3.1 and 3.4.0. In 3.4.2 the rows match, but the first still has no agents in
#   a model of the first kind, and the last step is missing in both; 3.5.1 does all of it right.
#   3.3.1 is the newest that Python 3.11 can install.
# Instead: read the frames of `model.datacollector` after a run of your own, which are right; or
#   Mesa 3.5; or let agents report their own step, and join by it.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    mesa==3.3.1 numpy==2.3.5 pandas==2.3.3
cd "$folder"
"$folder/venv/bin/python" - <<'END'
import mesa


class Account(mesa.Agent):
    saved = 0


class Bank(mesa.Model):
    """Three steps; in each the one account and the bank's total rise by one, then both are collected."""

    def __init__(self, at_first=False, seed=None):
        super().__init__(seed=seed)
        self.total, self.account = 0, Account(self)
        self.datacollector = mesa.DataCollector({"total": "total"}, agent_reporters={"saved": "saved"})
        if at_first:
            self.datacollector.collect(self)

    def step(self):
        self.total += 1
        self.account.saved += 1
        self.datacollector.collect(self)
        self.running = self.total < 3


def pairs(at_first, period):
    rows = mesa.batch_run(
        Bank, {"at_first": [at_first]}, data_collection_period=period, display_progress=False
    )
    return [(row["total"], row.get("saved")) for row in rows]


print("Mesa", mesa.__version__, "- (total of the bank, saved in its one account), row by row")
seen = {}
for at_first in (False, True):
    for period in (1, -1):
        seen[at_first, period] = pairs(at_first, period)
        print(f"collects when made: {at_first!s:5} period {period:2}:", seen[at_first, period])
assert seen == {
    (False, 1): [(1, None), (2, 1), (3, 2)],
    (False, -1): [(3, 2)],
    (True, 1): [(0, 0), (1, 1), (2, 2)],
    (True, -1): [(2, 2)],
}, "changed"

bank = Bank()
while bank.running:
    bank.step()
agents = bank.datacollector.get_agent_vars_dataframe()["saved"].tolist()
model = bank.datacollector.get_model_vars_dataframe()["total"].tolist()
print("the collector's own frames:", model, agents)
assert model == agents == [1, 2, 3], "changed"
END
