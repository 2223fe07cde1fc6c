"""The two SignalR hubs over WebSocket: framing, one connection, coming back, user and market."""
