"""What is sent to people: in-app, by SMS, or as a call card for whoever has no phone that reads.

A *notice* is one message to one person, once per key. An SMS waits in the *outbox* until the carrier takes it; in
development the outbox is the carrier. A *call card* is a call somebody at the desk still has to make: script, up to
three tries, outcome. Which way reaches whom is decided above, in `people.tell`.
"""
