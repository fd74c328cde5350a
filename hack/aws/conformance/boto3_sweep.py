"""Calls every operation that both boto3 and the simulator's wire know, with the least input boto3 accepts.
Prints [[service, operation, error code or "ok"]]. Whether the server understood is told by its own log."""

import json
import sys

from botocore.exceptions import ClientError, ParamValidationError

from clients import client

FIXED = {"Bucket": "bucket-name", "AccountId": "123456789012", "Key": "some/key", "CopySource": "bucket-name/key"}


def value(shape, name, depth=0):
    kind = shape.type_name
    if kind == "structure":
        if shape.metadata.get("union"):
            first = next(iter(shape.members.items()))
            return {first[0]: value(first[1], first[0], depth + 1)}
        wanted = [n for n in shape.members if n in shape.required_members]
        if not wanted and 0 < depth < 4:  # an empty structure leaves no trace in a form
            wanted = list(shape.members)[:1]
        return {n: value(shape.members[n], n, depth + 1) for n in wanted}
    if kind == "list":
        return [value(shape.member, name, depth + 1) for _ in range(max(1, shape.metadata.get("min", 1)))] if depth < 8 else []
    if kind == "map":
        return {value(shape.key, name, depth + 1): value(shape.value, name, depth + 1)}
    if kind == "string":
        if name in FIXED:
            return FIXED[name]
        if getattr(shape, "enum", None):
            return shape.enum[0]
        return "a" * max(3, shape.metadata.get("min", 0))
    if kind in ("integer", "long"):
        return max(1, shape.metadata.get("min", 1))
    if kind in ("float", "double"):
        return 1.5
    if kind == "boolean":
        return True
    if kind == "timestamp":
        return 1700000000
    if kind == "blob":
        return b"x" * max(1, shape.metadata.get("min", 1))
    raise ValueError(kind)


def main():
    given = json.loads(sys.argv[1])
    calls = []
    for service, operations in given["services"].items():
        caller = client(service, given["endpoint"], given["credentials"], names=service in ("s3control", "lakeformation"))
        model = caller.meta.service_model
        methods = {operation: method for method, operation in caller.meta.method_to_api_mapping.items()}
        for operation in operations:
            if operation not in methods:
                continue
            shape = model.operation_model(operation)
            if shape.get_event_stream_output() or shape.get_event_stream_input():
                continue
            arguments = value(shape.input_shape, "") if shape.input_shape else {}
            try:
                getattr(caller, methods[operation])(**arguments)
                outcome = "ok"
            except ClientError as error:
                outcome = error.response.get("Error", {}).get("Code", "no code")
            except ParamValidationError as error:
                outcome = f"ParamValidationError {error}"
            except Exception as error:  # whatever else the client made of the answer
                outcome = f"{type(error).__name__} {error}"
            calls.append([service, operation, outcome])
    print(json.dumps(calls))


main()
