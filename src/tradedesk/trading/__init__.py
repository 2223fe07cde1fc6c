"""The order core: commands in, events out.

Everything directly in this package decides with plain state and pure functions; time, ids, disk and
network are passed in. ``trading.live`` is the asyncio shell that awaits the ports.
"""
