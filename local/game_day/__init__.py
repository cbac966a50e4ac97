"""A game day: scripted outages on a deployed stack, each with the alarm that fires, the way back, and what was lost.

The emulator applies no metric filters and evaluates no alarms, so both are computed here, from the log, the queues and
the program's own patterns and thresholds.
"""
