"""Questions of the course, as TOML."""
