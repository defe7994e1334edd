"""接电话: the call desk without a mouse, and what belongs to it."""
