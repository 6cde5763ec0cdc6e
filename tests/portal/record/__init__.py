"""Tests of the record and its anchors."""
