"""How the window itself keeps up: frames, stalls, and a stress test to try it with."""
