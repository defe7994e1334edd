"""What residents ask for and how it is answered: 点单 order, 派单 dispatch, 接单 accept, 评单 rate.

A *menu item* is a service that a place offers. An *order* asks for one; an *offer* proposes it to a volunteer, who
may decline; an *assignment* is one volunteer on one order; a *visit* is what happened at the door. The resident
confirms and rates. The table of moves stands in docs/rules.md.
"""
