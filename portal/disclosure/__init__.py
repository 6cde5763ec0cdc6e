"""The OIT disclosure checklist: answered, reviewed, scored."""
