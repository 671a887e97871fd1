"""Programmes, projects, money and the officers beside households."""
