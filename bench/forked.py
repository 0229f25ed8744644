"""Processes of their own, forked from one that has loaded the product.

To load it takes longer than most of them live.
"""

import multiprocessing

forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(["bench.routing", "bench.sweeper"])
