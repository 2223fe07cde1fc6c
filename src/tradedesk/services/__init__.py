"""Use cases of the desk: ties ports, engine and state together. Qt-free."""
