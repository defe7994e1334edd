"""Lianxin 连心: a city's volunteer service on one screen. Start at docs/tour.md."""
