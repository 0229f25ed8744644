"""The page where a citizen follows their own request with the code they were given."""
