"""What-ifs: one trained network, pruned and asked while a person waits. NumPy only, no Keras.

question     what is asked: method, K of all layers or of each, units pruned or saved by hand
ranking      the order in which entries and units go, found once for a network
cut          question + rankings -> Pruned, the same as `engine.pruning.prune` gives
sample       1,000 fixed test images, and the whole test set in blocks
answers      accuracy with its interval on the sample, then exact over all test images
sizes        how long the model files will be: estimates from deflated samples
sensitivity  one layer at many K while the others stay whole
flips        the K at which each image's answer stops being right
digit        a drawing, in size, place and values as the data set's digits are
image        one image as a picture, where its shape has rows and columns
strip        what several networks answer to one image at every K
quantized    int8 weights, simulated
inside       histograms, norms, pictures of a pruned network, as arrays
shared       a bounded cache in which every value is computed once for everyone
"""
