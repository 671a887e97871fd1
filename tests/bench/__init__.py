"""Benchmarks: ``make bench`` prints a row each with workload, ours, the other side, ratio and the bound."""
