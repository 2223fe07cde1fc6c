"""The asyncio shell around the order core: it awaits the ports and owns every task."""
