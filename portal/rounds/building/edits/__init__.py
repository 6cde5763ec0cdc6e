"""The edits of the builder: each takes a content and gives another, and knows no database."""
