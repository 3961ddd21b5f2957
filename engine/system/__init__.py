"""The machine: the home folder, locks between processes, threads, checksums."""
