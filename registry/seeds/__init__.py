"""What the product ships as data: prompt templates to start from, a file each."""
