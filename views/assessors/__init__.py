"""Desks of assessors."""
