"""The SignalR side of the wire: framing, connections, and what each hub understands."""
