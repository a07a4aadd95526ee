"""What a text says, and who says it: tags, quotations, attributions, speakers."""
