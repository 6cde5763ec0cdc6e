"""Personal data of rosters: how long they are kept, how they are erased, what a person may ask of them."""
