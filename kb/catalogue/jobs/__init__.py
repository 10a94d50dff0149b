"""Work that waits for the worker: the queue, its leases, and the files that come in."""
