"""What no program at hand judges by its exit status alone.

judge.py sarif VERDICT       fails on errors and warnings in the multitool's own output
judge.py codequality REPORT  fails where GitLab would not read the report
judge.py schemas FOLDER      fails where a document in FOLDER/NAME, or a key of it, is not in data/schema/NAME.json
judge.py steps FILE FOLDER   writes the shell scripts of a workflow file into FOLDER, one a step
"""

import json
import pathlib
import sys

from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

# Rules of the multitool that quotaplan leaves unmet, each with the reason.
UNMET = {
    # It asks for a home page of the tool in the report; there is no address to name.
    "SARIF2005",
}

SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def sarif(path):
    run = json.loads(pathlib.Path(path).read_text("utf-8-sig"))["runs"][0]
    rules = run["tool"]["driver"].get("rules", [])
    # A crash of the multitool itself is no result but a notification.
    for invocation in run.get("invocations", []):
        for kind in ("toolExecutionNotifications", "toolConfigurationNotifications"):
            for notification in invocation.get(kind, []):
                if notification.get("level", "warning") in ("error", "warning"):
                    yield notification["message"]["text"]
    for result in run.get("results", []):
        # Without a level of its own a result has that of its rule, or is a warning.
        rule = rules[result["ruleIndex"]] if result.get("ruleIndex", -1) >= 0 else {}
        level = result.get("level") or rule.get("defaultConfiguration", {}).get("level", "warning")
        code = result.get("ruleId", rule.get("id", "")).split("/")[0]
        if level in ("error", "warning") and code not in UNMET:
            place = result["locations"][0]["physicalLocation"].get("region", {})
            message = result["message"]
            said = message.get("text") or f"{message.get('id')} {message.get('arguments')}"
            yield f"{level} {code} at line {place.get('startLine')}: {said}"


def codequality(path):
    issues = json.loads(pathlib.Path(path).read_text("utf-8"))
    if not isinstance(issues, list):
        yield "not a list"
        return
    prints = [issue["fingerprint"] for issue in issues]
    if len(set(prints)) != len(prints):
        yield "a fingerprint stands twice: GitLab drops the second"
    for issue in issues:
        for key in ("description", "check_name", "fingerprint"):
            if not (isinstance(issue[key], str) and issue[key]):
                yield f"{key} is no text: {issue}"
        if issue["severity"] not in SEVERITIES:
            yield f"GitLab knows no severity {issue['severity']}"
        path, begin = issue["location"]["path"], issue["location"]["lines"]["begin"]
        if path.startswith(("/", "./")) or not path:
            yield f"not a path within a repository: {path}"
        if type(begin) is not int or begin < 1:
            yield f"not a line: {begin}"


def steps(path, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tree = YAML(typ="safe").load(pathlib.Path(path))
    scripts = {}
    for job in tree.get("jobs", {}).values():
        scripts |= {step.get("id", step.get("name")): step["run"] for step in job["steps"] if "run" in step}
    for name, job in tree.items():
        if isinstance(job, dict) and isinstance(job.get("script"), list):
            scripts[name] = "\n".join(job["script"]) + "\n"
    for name, script in scripts.items():
        if "${{" in script:
            yield f"{name}: an expression inside a shell script may inject commands"
        (folder / name.replace("/", "-")).write_text(script, "utf-8")


def closed(schema):
    """The schema with all its objects closed, so that a key that it does not name is found."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    copy = {key: closed(part) for key, part in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        copy["additionalProperties"] = False
    return copy


def schemas(folder):
    judged = 0
    for inside in sorted(pathlib.Path(folder).iterdir()):
        schema = json.loads(pathlib.Path(f"data/schema/{inside.name}.json").read_text("utf-8"))
        validator = Draft202012Validator(closed(schema))
        for path in sorted(inside.iterdir()):
            judged += 1
            for error in validator.iter_errors(json.loads(path.read_text("utf-8"))):
                yield f"{inside.name}/{path.name}: {error.json_path}: {error.message[:200]}"
    if judged == 0:
        yield "no document was judged"


def main():
    what, *arguments = sys.argv[1:]
    faults = list({"sarif": sarif, "codequality": codequality, "schemas": schemas, "steps": steps}[what](*arguments))
    for fault in faults:
        print(f"{arguments[0]}: {fault}", file=sys.stderr)
    return 1 if faults else 0


sys.exit(main())
