"""Google Pub/Sub: addresses, pulling, publishing. Needs the extra ``parley-monitor[pubsub]``."""
