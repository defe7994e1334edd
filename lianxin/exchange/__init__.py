"""What comes in and goes out by Excel: rosters from offices, the people on them until they confirm, lists taken away.

A *roster* is an office's file: it is mapped, checked, looked at, and its good lines accepted, all or none. Who was on
it is *on roll* with a team and counts for nothing until he *confirms*: by phone, with a *slip*, on a *signed sheet*.
An *export* is a list as somebody saw it, written down in a register with who took it and why.
"""
