"""Everything that changes an order: placing, checking, dispatching, serving, closing."""
