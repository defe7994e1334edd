"""The human beings: who they are, where they live, how to reach them, who acts for whom, and who looked.

A *person* is not a user: most residents never sign in. A *helper* acts for a person within a scope and a time. `tell`
picks the way that reaches a person. Sealed fields open only through `look`, which notes who looked and why. A
*complaint* may come from anybody, from every page, and is answered.
"""
