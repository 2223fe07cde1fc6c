"""The ProjectX Gateway behind the ports of the domain: REST and the two hubs.

``order_side`` is what the executor builds, ``market_side`` what the desk's market thread builds.
Nothing here decides anything about trading.
"""
