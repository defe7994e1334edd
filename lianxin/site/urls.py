from lianxin.site import exchange, families, home, hours, mine, notices, people, users, volunteers
from lianxin.site.needs import accidents, ordering, orders, tasks

urlpatterns = [
    *home.urlpatterns,
    *users.urlpatterns,
    *ordering.urlpatterns,
    *orders.urlpatterns,
    *tasks.urlpatterns,
    *accidents.urlpatterns,
    *hours.urlpatterns,
    *notices.urlpatterns,
    *people.urlpatterns,
    *exchange.urlpatterns,
    *families.urlpatterns,
    *mine.urlpatterns,
    *volunteers.urlpatterns,
]
