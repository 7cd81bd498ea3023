"""Other systems' descriptions of assets, translated into drafts of ours. Free of Django."""
