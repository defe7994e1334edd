"""The demo city: a small city with eight weeks of history up to this very moment, made through the real actions.

City, streets, communities, teams and people are invented; phones lie in one range that the demo keeps to itself. Only
the names and codes of the two districts and the holidays are real. First the *ground* is laid (trees, menu, people,
roles), then the history is *lived*: each order is a *story*, a list of *steps* with their moments, and all steps are
done in the order of time, with the clock pretending.
"""
