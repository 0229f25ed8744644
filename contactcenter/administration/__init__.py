"""Administration: the screens of those who keep the directory and the people of a centre.

They show several slices at once (a line has a queue, a person serves sites, queues and teams), so
they stand above them all.
"""
