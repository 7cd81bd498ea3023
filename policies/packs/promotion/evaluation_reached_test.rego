package muniment.promotion.evaluation_reached_test

import data.muniment.promotion.evaluation_reached
import rego.v1

test_a_reached_threshold_passes if {
	evaluation_reached.verdict.state == "pass" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bb01a863e1201ed0f3c381ba4ec7894f38bdc7d4d438c2a2c1cb0e9a8801a45a",
		},
		"evaluations": [
			{
				"ref": "assist-dev/result/support-bot-eval/1",
				"created_at": "2026-11-19T10:00:00.000000+00:00",
				"metrics": [
					{"name": "groundedness", "value": 4.2},
					{"name": "fluency", "value": 4.6},
				],
				"links": [
					{
						"role": "evaluates",
						"digest": "sha256:bb01a863e1201ed0f3c381ba4ec7894f38bdc7d4d438c2a2c1cb0e9a8801a45a",
					},
				],
			},
		],
	}
}

test_the_newest_result_counts if {
	evaluation_reached.verdict.state == "pass" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bb01a863e1201ed0f3c381ba4ec7894f38bdc7d4d438c2a2c1cb0e9a8801a45a",
		},
		"evaluations": [
			{
				"ref": "assist-dev/result/support-bot-eval/1",
				"created_at": "2026-11-01T10:00:00.000000+00:00",
				"metrics": [
					{"name": "groundedness", "value": 2.0},
					{"name": "fluency", "value": 4.6},
				],
				"links": [
					{
						"role": "evaluates",
						"digest": "sha256:bb01a863e1201ed0f3c381ba4ec7894f38bdc7d4d438c2a2c1cb0e9a8801a45a",
					},
				],
			},
			{
				"ref": "assist-dev/result/support-bot-eval/2",
				"created_at": "2026-11-19T10:00:00.000000+00:00",
				"metrics": [
					{"name": "groundedness", "value": 4.0},
					{"name": "fluency", "value": 4.6},
				],
				"links": [
					{
						"role": "evaluates",
						"digest": "sha256:bb01a863e1201ed0f3c381ba4ec7894f38bdc7d4d438c2a2c1cb0e9a8801a45a",
					},
				],
			},
		],
	}
}

test_a_value_below_fails if {
	evaluation_reached.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bb01a863e1201ed0f3c381ba4ec7894f38bdc7d4d438c2a2c1cb0e9a8801a45a",
		},
		"evaluations": [
			{
				"ref": "assist-dev/result/support-bot-eval/1",
				"created_at": "2026-11-19T10:00:00.000000+00:00",
				"metrics": [
					{"name": "groundedness", "value": 3.0},
					{"name": "fluency", "value": 4.6},
				],
				"links": [
					{
						"role": "evaluates",
						"digest": "sha256:bb01a863e1201ed0f3c381ba4ec7894f38bdc7d4d438c2a2c1cb0e9a8801a45a",
					},
				],
			},
		],
	}
}

test_a_newer_worse_result_fails if {
	evaluation_reached.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bb01a863e1201ed0f3c381ba4ec7894f38bdc7d4d438c2a2c1cb0e9a8801a45a",
		},
		"evaluations": [
			{
				"ref": "assist-dev/result/support-bot-eval/1",
				"created_at": "2026-11-01T10:00:00.000000+00:00",
				"metrics": [
					{"name": "groundedness", "value": 4.0},
					{"name": "fluency", "value": 4.6},
				],
				"links": [
					{
						"role": "evaluates",
						"digest": "sha256:bb01a863e1201ed0f3c381ba4ec7894f38bdc7d4d438c2a2c1cb0e9a8801a45a",
					},
				],
			},
			{
				"ref": "assist-dev/result/support-bot-eval/2",
				"created_at": "2026-11-19T10:00:00.000000+00:00",
				"metrics": [
					{"name": "groundedness", "value": 2.0},
					{"name": "fluency", "value": 4.6},
				],
				"links": [
					{
						"role": "evaluates",
						"digest": "sha256:bb01a863e1201ed0f3c381ba4ec7894f38bdc7d4d438c2a2c1cb0e9a8801a45a",
					},
				],
			},
		],
	}
}

test_no_result_fails if {
	evaluation_reached.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bb01a863e1201ed0f3c381ba4ec7894f38bdc7d4d438c2a2c1cb0e9a8801a45a",
		},
		"evaluations": [],
	}
}

test_a_result_of_other_content_does_not_count if {
	evaluation_reached.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bb01a863e1201ed0f3c381ba4ec7894f38bdc7d4d438c2a2c1cb0e9a8801a45a",
		},
		"evaluations": [
			{
				"ref": "assist-dev/result/support-bot-eval/1",
				"created_at": "2026-11-19T10:00:00.000000+00:00",
				"metrics": [
					{"name": "groundedness", "value": 4.9},
					{"name": "fluency", "value": 4.6},
				],
				"links": [
					{
						"role": "evaluates",
						"digest": "sha256:370514461c33b3b15bc4ec1d23775b203802d7a65cd8d9a5b119035773d4546f",
					},
				],
			},
		],
	}
}

test_a_metric_that_is_not_reported_fails if {
	evaluation_reached.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bb01a863e1201ed0f3c381ba4ec7894f38bdc7d4d438c2a2c1cb0e9a8801a45a",
		},
		"evaluations": [
			{
				"ref": "assist-dev/result/support-bot-eval/1",
				"created_at": "2026-11-19T10:00:00.000000+00:00",
				"metrics": [
					{"name": "groundedness", "value": 4.2},
					{"name": "fluency", "value": 4.6},
				],
				"links": [
					{
						"role": "evaluates",
						"digest": "sha256:bb01a863e1201ed0f3c381ba4ec7894f38bdc7d4d438c2a2c1cb0e9a8801a45a",
					},
				],
			},
		],
		"parameters": {"minimum": {"coherence": 4}},
	}
}

test_a_value_that_is_no_number_does_not_count if {
	evaluation_reached.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bb01a863e1201ed0f3c381ba4ec7894f38bdc7d4d438c2a2c1cb0e9a8801a45a",
		},
		"evaluations": [
			{
				"ref": "assist-dev/result/support-bot-eval/1",
				"created_at": "2026-11-19T10:00:00.000000+00:00",
				"metrics": [
					{"name": "groundedness", "value": "5"},
					{"name": "fluency", "value": 4.6},
				],
				"links": [
					{
						"role": "evaluates",
						"digest": "sha256:bb01a863e1201ed0f3c381ba4ec7894f38bdc7d4d438c2a2c1cb0e9a8801a45a",
					},
				],
			},
		],
	}
}

test_evaluations_that_are_not_told_are_unknown if {
	evaluation_reached.verdict.state == "unknown" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bb01a863e1201ed0f3c381ba4ec7894f38bdc7d4d438c2a2c1cb0e9a8801a45a",
		},
	}
}

test_a_dataset_is_not_judged if {
	evaluation_reached.verdict.state == "not_applicable" with input as {
		"version": {
			"ref": "assist-dev/dataset/support-tickets/1",
			"kind": "dataset",
			"digest": "sha256:7a8cbab0760ab98150e5d4773c61204bcc5f67a8a9534c2a86c04816c596764a",
		},
		"evaluations": [],
	}
}

test_a_minimum_that_is_text_fails if {
	verdict := evaluation_reached.verdict with input as {
		"version": {"kind": "flow", "digest": "sha256:bb"},
		"evaluations": [],
		"parameters": {"minimum": {"groundedness": "2"}},
	}
	verdict.state == "fail"
	verdict.findings[0].path == "parameters.minimum"
}
