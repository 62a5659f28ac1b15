"""``youyue doctor``: what is wrong with this machine, since when, and what to do. Facts are probed at the edge, judged in the middle."""
