"""A day of a centre, played through the public doors only: it makes the demo alive, and it is the
load and fault test. It imports nothing of the product.
"""
