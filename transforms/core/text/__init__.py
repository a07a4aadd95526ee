"""Characters, markup, addresses and phrases, without their meaning."""
