"""What assessors do: judge rosters, draw samples, interview."""
