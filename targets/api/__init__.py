"""Addresses of target plans: the same scope, rights and services as the pages."""
