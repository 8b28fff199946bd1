"""One HTML file that computes and paints art where it is seen, and asks nothing of any network."""
