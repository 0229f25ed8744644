"""The benchmarks: what a centre costs, each figure beside the limit of the same machine and run.

None of them fails on a time. They know the public doors and the launcher, and import no slice.
"""
