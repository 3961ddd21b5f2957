"""What-ifs: one trained network, pruned and asked while a person waits. NumPy only, no Keras.

service              answers questions for everyone at once, within bounds of memory; the small
                     trained network that ships with the project
question             what is asked: method, K of all layers or of each, units pruned or saved by
                     hand; the network so pruned, by `engine.pruning.prune`
answers              accuracy with its interval on 1,000 fixed test images, then exact over all
by_sparsity          what is answered as K grows: to one image by several networks, to the sample
                     until each image is forgotten, to the sample with one layer pruned alone
sizes                how long the model files will be: estimates from deflated samples
inside               histograms, norms, pictures of a pruned network, as arrays
image                one image as a picture, where its shape has rows and columns
digit                a drawing, in size, place and values as the data set's digits are
"""
