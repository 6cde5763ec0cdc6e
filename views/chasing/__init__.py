"""The room of who chases: late agencies, their notes, texts to send them."""
