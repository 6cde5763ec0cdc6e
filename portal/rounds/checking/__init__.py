"""What is looked at before a round opens, part by part of its content."""
