"""How trades come into the store: by stated rules, every lot counted."""
