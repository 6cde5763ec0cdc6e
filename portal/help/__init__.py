"""The guides of docs/guide as pages, and which place of them a screen leads to."""
