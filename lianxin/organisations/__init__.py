"""Who stands where: three trees on one table, who serves which place, and the roles people hold.

A *node* is a Party committee or branch, a service corps (总队, 支队, 分队, 专业队), or a place (市, 区, 街道, 社区,
网格, 服务站). A team *serves* a place: its orders are offered there first. A *role* is held by a user on a node, with
dates, and reaches over the node's subtree.
"""
