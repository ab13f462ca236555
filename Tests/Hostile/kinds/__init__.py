"""One file for each kind of fault; importing it registers the kind."""
