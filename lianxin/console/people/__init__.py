"""居民: people as the desk of their community keeps them, what they apply for, and their complaints."""
