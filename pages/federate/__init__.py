"""The parts of the page Federate: federated rounds as they go and after.

form, fields, preview   what will be done, and who will own what
beside                  which federations are drawn beside the one shown
look                    what is looked at, and how a chart of it is shown
shown                   figures and views of a federation, live and after
accuracy, traffic, replay, subnetworks, gates, client    the views
reference               the studies that ship along; overview  all of them at a glance
take_home               tables, settings, results, clients' own networks
texts                   what the page says in full sentences
"""
