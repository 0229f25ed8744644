"""Stands for Twilio's network: holds calls, queues and conferences, and asks our doors as it does.

It knows the doors only: signed forms go out, TwiML comes back, and the REST side answers what the
product asks for. Time can run faster, and callbacks can come twice, late or in another order.
"""
