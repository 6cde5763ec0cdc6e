"""What both doors stand on: access, workflows, services, jobs, ballot box, layout."""
