"""A folder of a hub: a card, a configuration, and what was told of where it lies."""

from __future__ import annotations

import json

DIGEST = "ab" * 32
CARD = """---
license: apache-2.0
language: [en, no]
library_name: transformers
pipeline_tag: text-generation
base_model: acme/base
datasets:
  - acme/tickets
tags: [support]
model-index:
  - name: helper
    results:
      - task: {type: text-generation}
        dataset: {type: glue, name: GLUE, config: mrpc, split: validation}
        metrics:
          - {type: accuracy, value: 0.91}
          - {type: f1, value: "n/a"}
        source: {name: Open board, url: "https://board.example"}
      - task: {type: text-generation}
        metrics:
          - {type: bleu, value: "27.5"}
---

# Helper

Answers questions of customers.

## Uses

### Direct Use

Support desks.

### Out-of-Scope Use

Medical advice.

## Bias, Risks, and Limitations

Knows nothing of today.

```sh
# not a heading
```

## Training Details

Tickets of two years.

### Procedure

Three epochs.

## Evaluation

[More Information Needed]
"""
FILES = {
    "README.md": CARD,
    "config.json": json.dumps(
        {"architectures": ["LlamaForCausalLM"], "max_position_embeddings": 8192}
    ),
    "generation_config.json": json.dumps({"max_new_tokens": 512}),
    "model.safetensors.index.json": json.dumps({"metadata": {"total_parameters": 7000}}),
    "model.safetensors": (
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{DIGEST}\nsize 12345\n"
    ),
}
TOLD = {"repository": "acme/helper", "revision": "0123abc"}
