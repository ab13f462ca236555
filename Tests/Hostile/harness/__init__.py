"""What all kinds of faults share: running the tool, making a machine fail, judging what is left."""
