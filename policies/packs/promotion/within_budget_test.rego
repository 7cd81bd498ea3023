package muniment.promotion.within_budget_test

import data.muniment.promotion.within_budget
import rego.v1

test_prices_within_the_budget_pass if {
	within_budget.verdict.state == "pass" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"spec": {
				"members": [
					{
						"name": "chat",
						"kind": "model",
						"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
					},
					{
						"name": "answer",
						"kind": "prompt",
						"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
					},
				],
				"steps": [{"name": "answer", "uses": ["chat", "answer"]}],
			},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"spec": {
					"source": {
						"type": "hosted",
						"uri": "https://api.example/v1",
						"provider": "Open Models",
					},
					"task": "text-generation",
					"price": {
						"currency": "EUR",
						"input_per_million": "0.15",
						"output_per_million": "0.60",
					},
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"spec": {
					"type": "text",
					"template": "Answer: {{question}}",
					"variables": {"question": {"type": "string"}},
				},
			},
		],
		"parameters": {"currency": "EUR", "input_per_million": 2, "output_per_million": 8},
	}
}

test_a_limit_is_within_the_budget if {
	within_budget.verdict.state == "pass" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"spec": {
				"members": [
					{
						"name": "chat",
						"kind": "model",
						"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
					},
					{
						"name": "answer",
						"kind": "prompt",
						"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
					},
				],
				"steps": [{"name": "answer", "uses": ["chat", "answer"]}],
			},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"spec": {
					"source": {
						"type": "hosted",
						"uri": "https://api.example/v1",
						"provider": "Open Models",
					},
					"task": "text-generation",
					"price": {
						"currency": "EUR",
						"input_per_million": "2",
						"output_per_million": "8.0",
					},
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"spec": {
					"type": "text",
					"template": "Answer: {{question}}",
					"variables": {"question": {"type": "string"}},
				},
			},
		],
		"parameters": {"currency": "EUR", "input_per_million": 2, "output_per_million": 8},
	}
}

test_a_task_within_the_budget_passes if {
	within_budget.verdict.state == "pass" with input as {
		"version": {
			"ref": "assist-dev/agent/helper/1",
			"kind": "agent",
			"digest": "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc",
			"spec": {
				"instructions": "Help.",
				"limits": {"max_cost": {"amount": "0.25", "currency": "EUR"}},
			},
		},
		"closure": [],
		"parameters": {"currency": "EUR", "task": 0.5},
	}
}

test_own_bytes_cost_nothing_by_the_token if {
	within_budget.verdict.state == "pass" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"spec": {
				"members": [
					{
						"name": "chat",
						"kind": "model",
						"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
					},
					{
						"name": "answer",
						"kind": "prompt",
						"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
					},
				],
				"steps": [{"name": "answer", "uses": ["chat", "answer"]}],
			},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"spec": {
					"source": {"type": "artifact"},
					"task": "text-generation",
					"license": "Apache-2.0",
				},
			},
			{
				"ref": "assist-dev/model/api/1",
				"kind": "model",
				"digest": "sha256:9999999999999999999999999999999999999999999999999999999999999999",
				"spec": {
					"source": {
						"type": "hosted",
						"uri": "https://api.example/v1",
						"provider": "Open Models",
					},
					"task": "text-generation",
					"price": {
						"currency": "EUR",
						"input_per_million": "1",
						"output_per_million": "1",
					},
				},
			},
		],
		"parameters": {"currency": "EUR", "input_per_million": 2, "output_per_million": 8},
	}
}

test_output_above_the_budget_fails if {
	within_budget.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"spec": {
				"members": [
					{
						"name": "chat",
						"kind": "model",
						"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
					},
					{
						"name": "answer",
						"kind": "prompt",
						"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
					},
				],
				"steps": [{"name": "answer", "uses": ["chat", "answer"]}],
			},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"spec": {
					"source": {
						"type": "hosted",
						"uri": "https://api.example/v1",
						"provider": "Open Models",
					},
					"task": "text-generation",
					"price": {
						"currency": "EUR",
						"input_per_million": "0.15",
						"output_per_million": "15.00",
					},
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"spec": {
					"type": "text",
					"template": "Answer: {{question}}",
					"variables": {"question": {"type": "string"}},
				},
			},
		],
		"parameters": {"currency": "EUR", "input_per_million": 2, "output_per_million": 8},
	}
}

test_a_task_above_the_budget_fails if {
	within_budget.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/agent/helper/1",
			"kind": "agent",
			"digest": "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc",
			"spec": {
				"instructions": "Help.",
				"limits": {"max_cost": {"amount": "1.50", "currency": "EUR"}},
			},
		},
		"closure": [],
		"parameters": {"currency": "EUR", "task": 0.5},
	}
}

test_a_price_that_is_not_stated_is_unknown if {
	within_budget.verdict.state == "unknown" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"spec": {
				"members": [
					{
						"name": "chat",
						"kind": "model",
						"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
					},
					{
						"name": "answer",
						"kind": "prompt",
						"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
					},
				],
				"steps": [{"name": "answer", "uses": ["chat", "answer"]}],
			},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"spec": {
					"source": {
						"type": "hosted",
						"uri": "https://api.example/v1",
						"provider": "Open Models",
					},
					"task": "text-generation",
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"spec": {
					"type": "text",
					"template": "Answer: {{question}}",
					"variables": {"question": {"type": "string"}},
				},
			},
		],
		"parameters": {"currency": "EUR", "input_per_million": 2, "output_per_million": 8},
	}
}

test_another_currency_is_unknown if {
	within_budget.verdict.state == "unknown" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"spec": {
				"members": [
					{
						"name": "chat",
						"kind": "model",
						"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
					},
					{
						"name": "answer",
						"kind": "prompt",
						"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
					},
				],
				"steps": [{"name": "answer", "uses": ["chat", "answer"]}],
			},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"spec": {
					"source": {
						"type": "hosted",
						"uri": "https://api.example/v1",
						"provider": "Open Models",
					},
					"task": "text-generation",
					"price": {
						"currency": "USD",
						"input_per_million": "0.15",
						"output_per_million": "0.60",
					},
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"spec": {
					"type": "text",
					"template": "Answer: {{question}}",
					"variables": {"question": {"type": "string"}},
				},
			},
		],
		"parameters": {"currency": "EUR", "input_per_million": 2, "output_per_million": 8},
	}
}

test_an_agent_without_a_limit_is_unknown if {
	within_budget.verdict.state == "unknown" with input as {
		"version": {
			"ref": "assist-dev/agent/helper/1",
			"kind": "agent",
			"digest": "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc",
			"spec": {"instructions": "Help."},
		},
		"closure": [],
		"parameters": {"currency": "EUR", "task": 0.5},
	}
}

test_without_a_budget_the_answer_is_unknown if {
	within_budget.verdict.state == "unknown" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"spec": {
				"members": [
					{
						"name": "chat",
						"kind": "model",
						"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
					},
					{
						"name": "answer",
						"kind": "prompt",
						"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
					},
				],
				"steps": [{"name": "answer", "uses": ["chat", "answer"]}],
			},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"spec": {
					"source": {
						"type": "hosted",
						"uri": "https://api.example/v1",
						"provider": "Open Models",
					},
					"task": "text-generation",
					"price": {
						"currency": "EUR",
						"input_per_million": "0.15",
						"output_per_million": "0.60",
					},
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"spec": {
					"type": "text",
					"template": "Answer: {{question}}",
					"variables": {"question": {"type": "string"}},
				},
			},
		],
	}
}

test_members_that_are_not_told_are_unknown if {
	within_budget.verdict.state == "unknown" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"spec": {
				"members": [
					{
						"name": "chat",
						"kind": "model",
						"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
					},
					{
						"name": "answer",
						"kind": "prompt",
						"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
					},
				],
				"steps": [{"name": "answer", "uses": ["chat", "answer"]}],
			},
		},
		"parameters": {"currency": "EUR", "input_per_million": 2, "output_per_million": 8},
	}
}

test_models_of_our_own_bytes_are_not_judged if {
	within_budget.verdict.state == "not_applicable" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"spec": {
				"members": [
					{
						"name": "chat",
						"kind": "model",
						"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
					},
					{
						"name": "answer",
						"kind": "prompt",
						"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
					},
				],
				"steps": [{"name": "answer", "uses": ["chat", "answer"]}],
			},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"spec": {
					"source": {"type": "artifact"},
					"task": "text-generation",
					"license": "Apache-2.0",
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"spec": {
					"type": "text",
					"template": "Answer: {{question}}",
					"variables": {"question": {"type": "string"}},
				},
			},
		],
		"parameters": {"currency": "EUR", "input_per_million": 2, "output_per_million": 8},
	}
}

test_a_prompt_alone_is_not_judged if {
	within_budget.verdict.state == "not_applicable" with input as {
		"version": {
			"ref": "assist-dev/prompt/support-answer/1",
			"kind": "prompt",
			"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
			"spec": {
				"type": "text",
				"template": "Answer: {{question}}",
				"variables": {"question": {"type": "string"}},
			},
		},
		"closure": [],
		"parameters": {"currency": "EUR", "input_per_million": 2, "output_per_million": 8},
	}
}
