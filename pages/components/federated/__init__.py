"""The parts of the page Federate: federated rounds as they go and after.

beside      which federations are drawn beside the one shown
form        fields -> settings, one for each chosen algorithm
preview     who will own what, before anything runs
shown       figures and curves of a federation, live and after
texts       what the page says in full sentences
"""
