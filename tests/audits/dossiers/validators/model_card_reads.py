"""Reads a model card with huggingface_hub; prints what it makes of the metadata."""

from __future__ import annotations

import json
import sys

from huggingface_hub import ModelCard

card = ModelCard.load(sys.argv[1])
results = [
    [each.metric_type, each.metric_value, each.dataset_name] for each in card.data.eval_results
]
print(json.dumps({**card.data.to_dict(), "results": results, "text": card.text}))
