"""What-ifs: one trained network, pruned and asked while a person waits. NumPy only, no Keras.

service              answers questions for everyone at once, within bounds of memory
question             what is asked: method, K of all layers or of each, units pruned or saved by
                     hand; the network so pruned, by `engine.pruning.prune`
sample               1,000 fixed test images, and the whole test set in blocks
answers              accuracy with its interval on the sample, then exact over all test images
answers_by_sparsity  what several networks answer to one image at every K
sensitivity          one layer at many K while the others stay whole
forgetting           the K at which each image's answer stops being right
sizes                how long the model files will be: estimates from deflated samples
inside               histograms, norms, pictures of a pruned network, as arrays
image                one image as a picture, where its shape has rows and columns
digit                a drawing, in size, place and values as the data set's digits are
shipped              the small trained network that ships with the project
"""
