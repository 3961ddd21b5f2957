"""The pieces of the page Learn: each has one thing to do and one thing to see.

drawing        values -> SVG, pure
significance, by_hand, zeros, guess, federated_round  the pieces
"""
