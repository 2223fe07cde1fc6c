"""REST: warm connections, the token, the limiter, reads that repeat and mutations that do not."""
