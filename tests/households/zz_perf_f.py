import time, datetime, pytest
from django.db import connection
from households.models import *
from households.models import Recognised
from households.selectors.summaries import summaries, summary
from households.selectors.transitions import passages
from tests.factories import *
from tests.households import build
from tests.households.years import periodic, recognise

@pytest.mark.django_db
def test_perf(commune):
    std = build.standard(); eth = build.ethnicity("Ba Na")
    vs = [VillageFactory(parent=commune) for _ in range(20)]
    N = 20000
    hs = Household.objects.bulk_create([Household(unit=commune, village=vs[i % 20], code=f"P{i}", opened_on=datetime.date(2020,1,1)) for i in range(N)])
    cats = ["poor", "near_poor", "not_poor"]
    def mk(year, shift):
        r = periodic(commune, year, standard=std)
        Review.objects.bulk_create([Review(unit=commune, round=r, household=h, village_id=h.village_id, listed_because="on_list", state="surveyed", category=cats[(i // 20 + (i % 7 == 0) * shift) % 3], persons=3 + i % 4, head_name=f"A {i}", ethnicity=eth, is_ethnic_minority=i % 2 == 0, children=2) for i, h in enumerate(hs)], batch_size=5000)
        return r
    r1 = mk(2025, 0); recognise(r1)
    r2 = mk(2026, 1)
    inds = list(std.indicators.values_list("indicator_id", flat=True)); causes = list(Cause.objects.filter(standard=std))
    revs = list(Review.objects.filter(round=r2).values_list("pk", flat=True))
    Answer.objects.bulk_create([Answer(unit=commune, review_id=pk, indicator_id=ind, is_deprived=(k + pk) % 3 == 0) for pk in revs for k, ind in enumerate(inds)], batch_size=10000)
    ReviewCause.objects.bulk_create([ReviewCause(unit=commune, review_id=pk, cause=causes[pk % 8]) for pk in revs], batch_size=10000)
    connection.cursor().execute("ANALYZE")
    t = time.perf_counter(); p = passages(r2); print("\npassages", len(p), time.perf_counter() - t)
    t = time.perf_counter(); summaries(round=r2, is_official=False); print("preliminary", time.perf_counter() - t)
    t = time.perf_counter(); recognise(r2); print("recognise rows", time.perf_counter() - t)
    connection.cursor().execute("ANALYZE")
    for _ in range(2):
        t = time.perf_counter(); summaries(round=r2, is_official=True); print("official", time.perf_counter() - t)
    from django.test.utils import CaptureQueriesContext
    with CaptureQueriesContext(connection) as c:
        summaries(round=r2, is_official=True)
    for q in sorted(c.captured_queries, key=lambda q: -float(q["time"]))[:4]: print(q["time"], q["sql"][:900])
