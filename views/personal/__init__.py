"""The room of personal data: requests, the notice, how long rosters are kept."""
