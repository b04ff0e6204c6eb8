"""The trainers' page: a room watches councils court, sign and part, and tries what would help.

The page shows what `sim.simulate` computes and nothing else. `sim.page.command` starts it.
"""
