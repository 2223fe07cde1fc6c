"""A made-up market that loads the desk on purpose: trades and quotes at a chosen rate."""
