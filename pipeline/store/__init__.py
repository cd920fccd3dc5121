"""Where bytes lie and what is known of them."""
