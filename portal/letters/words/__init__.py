"""The words of a letter by the office: fields and conditions (docs/adr/0028-words-of-letters.md)."""
