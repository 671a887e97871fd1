"""Figures into a document tree: words, order and layout of each document. No queries, no file format."""

from reports.build.charts import charts
from reports.build.plan import annual_plan
from reports.build.summary import review_summary
from reports.build.table import target_table

__all__ = ["annual_plan", "charts", "review_summary", "target_table"]
