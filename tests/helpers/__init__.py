"""What tests of several folders share; the guards of conftest.py among it."""
