"""Django's PostgreSQL, as `config/environment.py` names it (`ENGINE`)."""
