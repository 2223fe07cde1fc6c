"""A local venue that speaks the ProjectX Gateway wire, as a process of its own.

It listens on loopback, makes its own market from a seed or replays a recorded one, matches orders
against a synthetic book and keeps one practice account. Nothing here touches a real venue.
"""
