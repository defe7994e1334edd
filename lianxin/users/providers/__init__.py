"""Signing in with an account elsewhere, off by setting: one small interface, an adapter for each kind (rule A9)."""
