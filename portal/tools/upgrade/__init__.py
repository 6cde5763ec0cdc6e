"""``make drill-upgrade``: a new release comes, goes and comes again while people answer in open boxes."""
