"""Parts of the page Paper: studies, their tables and claims, the dense network over K."""
