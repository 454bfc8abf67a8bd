"""Photographs and small files that ship with the library."""
