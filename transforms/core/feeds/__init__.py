"""Which feeds to poll, and what a feed's body lists."""
