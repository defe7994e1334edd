"""Questions about orders, by who asks them."""
