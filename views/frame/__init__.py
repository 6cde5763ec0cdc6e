"""What every page stands in: menus and pages of lists."""
