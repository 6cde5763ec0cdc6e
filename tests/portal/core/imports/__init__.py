"""Reading what people upload."""
