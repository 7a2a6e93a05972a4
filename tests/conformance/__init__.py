"""A package: what its tests share, by the scope "package", ends with the last of them."""
