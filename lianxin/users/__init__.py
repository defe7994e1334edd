"""Signing in, and nothing else: who may come in by which phone, and which browsers are in.

A *user* is a way to sign in; the human being with a name is `people.Person`, and most residents have no user.
A *code* is six digits sent to a phone; whoever types them back holds the phone. A *session* is one signed-in
browser. Phones are sealed, and neither a phone nor a code stands in a session, a log or the journal.
"""
