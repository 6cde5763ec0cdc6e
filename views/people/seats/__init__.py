"""Who sits at the desks of an agency or an office."""
