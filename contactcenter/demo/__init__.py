"""Two fictional centres, walled from each other, to look at and to rehearse with."""
