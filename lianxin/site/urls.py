from lianxin.site import exchange, families, home, hours, mine, notices, people, places, volunteers
from lianxin.site.needs import accidents, changes, ordering, orders, tasks, team
from lianxin.site.users import elsewhere, other_ways, phone, second, sign_in
from lianxin.site.users import mine as own_sign_in

urlpatterns = [
    *home.urlpatterns,
    *sign_in.urlpatterns,
    *other_ways.urlpatterns,
    *second.urlpatterns,
    *own_sign_in.urlpatterns,
    *phone.urlpatterns,
    *elsewhere.urlpatterns,
    *ordering.urlpatterns,
    *orders.urlpatterns,
    *tasks.urlpatterns,
    *accidents.urlpatterns,
    *changes.urlpatterns,
    *team.urlpatterns,
    *hours.urlpatterns,
    *notices.urlpatterns,
    *people.urlpatterns,
    *exchange.urlpatterns,
    *families.urlpatterns,
    *mine.urlpatterns,
    *volunteers.urlpatterns,
    *places.urlpatterns,
]
