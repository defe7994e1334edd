"""Who serves: registration, team, skills, free times, and every promise of time.

A *volunteer* is a person who has registered to serve, under a public number that is never the ID number. A
*commitment* is a promise of time (a task, a shift, a visit): a person cannot hold two that overlap. A *block* silently
keeps a volunteer from a resident who asked for somebody else.
"""
