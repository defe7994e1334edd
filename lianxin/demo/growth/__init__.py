"""How the little city grows: more streets, teams and people, and months of orders, while the site is in use already.

The growth falls into *pieces* of a second or two. Each is one transaction that notes itself at its end, so that a
piece that was cut off has left nothing and a piece done twice changes nothing. The job worker does one after the
other (`lianxin.demo.tasks`). In a piece a group of orders is *lived* from beginning to end, with the clock pretending:
no order is ever left in the past half-way, where the real clock would find it late.
"""
