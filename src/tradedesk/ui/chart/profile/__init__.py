"""Volume at each price beside the bars."""
