"""HTTP around the page: request validation, admission, response caches, headers, log and health."""
