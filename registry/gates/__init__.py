"""What a promotion must pass. To add a gate, write its class and name it in PROMOTION_GATES."""
