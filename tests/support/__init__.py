"""What tests stand on: databases, network rules, the browser."""
