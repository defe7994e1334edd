"""Orders at the desk: verifying, dispatching, ringing back, and looking at any of them."""
