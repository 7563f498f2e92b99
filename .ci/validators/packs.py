"""Request packs, judged by botocore's service models.

packs.py requests FILE        fails where an entry of requests.json is no input of RequestServiceQuotaIncrease
packs.py commands FILE        fails where a command of the AWS CLI has an option that the operation does not have as
                              written: the CLI itself takes abbreviations. One command a line, as words of JSON.
packs.py tree FILE QUOTAS     fails where the HCL of FILE, as JSON, is not what requests.json of QUOTAS asks for
"""

import json
import pathlib
import sys

import botocore.session
from botocore import xform_name
from botocore.validate import ParamValidator

# Options of every command.
GLOBAL = {"--region", "--query", "--output"}


def model(service):
    return botocore.session.get_session().get_service_model(service)


def requests(path):
    shape = model("service-quotas").operation_model("RequestServiceQuotaIncrease").input_shape
    entries = json.loads(pathlib.Path(path).read_text())
    if not entries:
        return ["there is no entry"]
    faults = []
    for entry in entries:
        report = ParamValidator().validate(entry, shape)
        if report.has_errors():
            faults.append(report.generate_report())
        if not 0 < entry["DesiredValue"] <= 10_000_000_000:
            faults.append(f"{entry['DesiredValue']} is not taken")
    return faults


def options(service, command):
    operations = {xform_name(name, "-"): name for name in model(service).operation_names}
    if command not in operations:
        return None
    found = {}
    for member, shape in model(service).operation_model(operations[command]).input_shape.members.items():
        name = "--" + xform_name(member, "-")
        found[name] = shape.type_name != "boolean"
        if shape.type_name == "boolean":
            found["--no" + name[1:]] = False
    return found


def commands(path):
    faults = []
    lines = pathlib.Path(path).read_text().splitlines()
    if not lines:
        return ["there is no command"]
    for line in lines:
        service, command, *words = json.loads(line)
        known = options(service, command)
        if known is None:
            faults.append(f"{service} has no operation {command}")
            continue
        while words:
            word = words.pop(0)
            if word in GLOBAL or known.get(word):
                if not words or words.pop(0).startswith("--"):
                    faults.append(f"{command}: {word} has no value")
            elif word not in known:
                faults.append(f"{command}: {word} is no option of it")
    return faults


def tree(path, quotas):
    resources = json.loads(pathlib.Path(path).read_text())["resource"]["aws_servicequotas_service_quota"]
    written = {(r["service_code"], r["quota_code"], r["value"]) for [r] in resources.values()}
    asked = json.loads(pathlib.Path(quotas).read_text())
    asked = {(r["ServiceCode"], r["QuotaCode"], r["DesiredValue"]) for r in asked}
    return [] if written == asked else [f"{written} is not {asked}"]


if __name__ == "__main__":
    mode, *arguments = sys.argv[1:]
    faults = {"requests": requests, "commands": commands, "tree": tree}[mode](*arguments)
    print("\n".join(faults))
    sys.exit(bool(faults))
