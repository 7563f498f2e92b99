"""What two programs of others know of IAM, asked of the policies that quotaplan writes.

policies.py file FILE        fails where the policy is faulty
policies.py all QUOTAPLAN    every document for every model and scope of the table

parliament reads the document: its grammar, names, operators and actions. Its data is older than CountTokens, and it
wants every kind of resource of an action where one is enough, so resources and conditions are judged by
policy_sentry's copy of AWS's service authorization reference instead.
"""

import fnmatch
import functools
import json
import re
import subprocess
import sys

import parliament
from policy_sentry.querying.actions import get_action_data

ALARMS = {
    # What policy_sentry judges below.
    "RESOURCE_MISMATCH",
    "UNKNOWN_CONDITION_FOR_ACTION",
    # StringEquals with an ARN, which AWS's own policies for inference profiles have.
    "MISMATCHED_TYPE_BUT_USABLE",
}
DOCUMENTS = (
    (),
    ("--no-streaming",),
    ("--count-tokens=us-east-1", "--get-inference-profile"),
    ("--document", "scp-allow"),
    ("--document", "scp-regions"),
)
# Keys of every request, which no service lists for itself.
GLOBAL_KEYS = {"aws:RequestedRegion"}


def listed(value):
    return value if isinstance(value, list) else [value]


@functools.cache
def known(action):
    service, name = action.split(":")
    data = get_action_data(service, name)
    return data[service] if data else []


def faults(text):
    for finding in parliament.analyze_policy_string(text).findings:
        if finding.issue == "UNKNOWN_ACTION" and known(finding.detail.split()[-1]):
            continue
        if finding.issue not in ALARMS:
            yield f"parliament: {finding.issue} {finding.detail} {finding.location}"
    for statement in json.loads(text)["Statement"]:
        for action in listed(statement["Action"]):
            # Of a pattern the narrowest action it stands for is judged.
            rows = [] if action in ("*", "bedrock:*") else known(action.rstrip("*"))
            if action not in ("*", "bedrock:*") and not rows:
                yield f"policy_sentry: no action {action}"
                continue
            forms = {re.sub(r"\$\{\w+\}", "*", row["resource_arn_format"]) for row in rows}
            # A row of its own for what is tied to no resource.
            forms = forms - {"*"} or forms
            for resource in listed(statement.get("Resource", statement.get("NotResource"))):
                if rows and resource != "*" and not any(fnmatch.fnmatchcase(resource, form) for form in forms):
                    yield f"policy_sentry: {action} is not for {resource}"
            keys = {key for row in rows for key in row["condition_keys"]} | GLOBAL_KEYS
            for tests in statement.get("Condition", {}).values():
                for key in tests:
                    if rows and key not in keys:
                        yield f"policy_sentry: {action} does not know {key}"


def generated(quotaplan):
    def run(*arguments):
        return subprocess.run([quotaplan, *arguments], capture_output=True, text=True, check=False)

    models = json.loads(run("models", "list", "--format", "json").stdout)["models"]
    for model in models:
        for scope in model["scopes"]:
            for document in DOCUMENTS:
                words = ("iam", "--model", model["id"], "--scope", scope["scope"], *document)
                result = run(*words)
                if result.returncode != 0:
                    # A model that is not callable, or destinations that nobody knows: the same for all documents.
                    break
                yield " ".join(words), result.stdout
    yield "scp-deny-global", run("iam", "--document", "scp-deny-global").stdout


def main():
    mode, path = sys.argv[1:]
    if mode == "file":
        with open(path, encoding="utf-8") as file:
            policies = [(path, file.read())]
    else:
        # Many have the same list of Regions: each text is judged once.
        policies = [(name, text) for text, name in {text: name for name, text in generated(path)}.items()]
    wrong = [f"{name}: {fault}" for name, text in policies for fault in faults(text)]
    print(f"{len(policies)} policies, {len(wrong)} faults")
    print("\n".join(wrong))
    sys.exit(1 if wrong or (mode == "all" and len(policies) < 100) else 0)


main()
