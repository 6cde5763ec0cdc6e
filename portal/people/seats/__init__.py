"""Who sits at a desk: handed over, acting for somebody, named and waited for."""
