"""Workbooks in and out: read, check, show the difference, write all or nothing. Apps register their kinds."""
