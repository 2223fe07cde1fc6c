"""Stand-ins for what lies outside the window: executor, market, frames, time."""
