"""What the web process is: application server, headers, cookies, the worker's supervisor."""
