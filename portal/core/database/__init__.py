"""The scoped session, the audit hook, and the roles of PostgreSQL."""
