"""The bill of materials (CycloneDX): every part of others in the portal (docs/adr/0048-assured.md)."""
