"""What a real installation needs for its OPAs, made inside of it.

`manage.py shell -c "from tests.policies.fleet.seed import seed; seed()"` prints names as JSON.
"""

from __future__ import annotations

import json

# Passes where the document has no more than the parameter's number of things.
LIMIT_RULE = """
verdict := {"state": "pass", "findings": []} if {
	is_number(input.parameters.most)
	count(input.configuration.things) <= input.parameters.most
} else := {"state": "fail", "findings": [{"msg": "too many", "path": "configuration.things"}]}
"""


def seed() -> None:
    """Make a policy and two versions of a set with it; print their names."""
    from policies.services import sets
    from tests.factories import administrator
    from tests.policies.estate import make_policy

    actor = administrator()
    first = make_policy(LIMIT_RULE, parameters=("most",))
    second = make_policy(LIMIT_RULE.replace("too many", "far too many"), parameters=("most",))
    for version in (first, second):
        members = [{"policy": version.reference}]
        sets.create_version(actor=actor, name="limits", title="Limits", members=members)
    print(json.dumps({"policy": first.policy.name, "other": second.policy.name, "set": "limits"}))
