"""Make a database for the benchmarks, load the demo into it, print the rows; exit 1 when a bound is missed."""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.conf import settings  # noqa: E402 -- after setup
from django.core.management import call_command  # noqa: E402 -- after setup
from django.db import connection  # noqa: E402 -- after setup
from django.test.utils import setup_test_environment, teardown_test_environment  # noqa: E402 -- after setup

from tests.bench.measure import measure  # noqa: E402 -- after setup


def main() -> int:
    setup_test_environment()
    settings.ROOT_URLCONF = "tests.bench.bare"
    settings.TEMPLATES[0]["DIRS"].append(settings.BASE_DIR / "tests" / "bench" / "templates")
    connection.settings_dict["TEST"]["NAME"] = "bench_povertyplan"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        call_command("load_demo", verbosity=0)
        from tests.bench.rows import all_rows

        print(f"{'việc':<62} {'của ta':>12} {'bên kia':>12} {'tỷ lệ':>6}")
        results = []
        for row in all_rows():
            results.append(measure(row))
            print(results[-1], flush=True)
        return int(any(result.ratio > result.row.bound for result in results))
    finally:
        connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)
        teardown_test_environment()


if __name__ == "__main__":
    sys.exit(main())
