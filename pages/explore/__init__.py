"""What the page Explore is made of.

subjects     which network; bench  the controls, the answer and what lies below
controls     widgets -> a question; figures  the answer in large figures and two charts
inside       the network layer by layer; hand  units pruned or saved by hand
sensitivity  layer by K
draw         a drawn digit and what four networks answer to it; canvas  where it is drawn
gallery      test images in the order in which they are forgotten
measuring    what sweeps have measured, and exact sizes from a worker
pictures     arrays -> pixels
laboratory   the one `Lab` of the process, and charts that are drawn once
"""
