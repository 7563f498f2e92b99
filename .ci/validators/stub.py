"""A stand-in for AWS on the loopback that holds every request and every answer of its own against botocore's models.

stub.py PORT_FILE LOG

It writes its port to PORT_FILE, and to LOG a line of JSON a call: operation, Region and service that were signed for, and
`fault`, what is wrong with the request (null: nothing). A faulty request is answered 400, and so is one for another Region than
ca-central-1 or one of COUNTING.
Shapes come from botocore alone, so nothing is shared with the program that is judged.
"""
import json
import re
import sys
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import botocore.session
from botocore.validate import ParamValidator

SESSION = botocore.session.get_session()
QUOTAS = SESSION.get_service_model("service-quotas")
RUNTIME = SESSION.get_service_model("bedrock-runtime")
REGION = "ca-central-1"
# Tokens may be counted where models are counted; everything else is in the source Region.
COUNTING = {"us-east-1", "us-west-2"}
# AWS's own words for what only a default has.
NOT_FOUND = "NoSuchResourceException"
PAGE = 2

CREATED = 1764000000.25


def quota(code, value, adjustable=True, arn=True):
    found = {
        "ServiceCode": "bedrock", "ServiceName": "Amazon Bedrock", "QuotaCode": code, "QuotaName": f"quota {code}",
        "Value": value, "Unit": "None", "Adjustable": adjustable, "GlobalQuota": False,
    }
    if arn:
        found["QuotaArn"] = f"arn:aws:servicequotas:{REGION}:111122223333:bedrock/{code}"
    return found


class Account:
    """Applied values, defaults and the history of requests."""

    def __init__(self):
        self.lock = threading.Lock()
        self.applied = {"L-58BE175A": 5000000.0, "L-89F8391A": 400.5, "L-DB84CE56": 10000.0}
        self.defaults = {
            "L-58BE175A": 5000000.0, "L-15B8E632": 5000000.0, "L-89F8391A": 400.0, "L-DB84CE56": 10000.0,
            "L-E3F10727": 700000000.0,
        }
        self.fixed = {"L-E3F10727"}
        # Of other values, over two pages.
        self.history = [
            {"Id": f"before{number}", "ServiceCode": "bedrock", "QuotaCode": "L-58BE175A", "DesiredValue": 5100000.0 + number,
             "Status": status, "Created": CREATED - number}
            for number, status in enumerate(["DENIED", "NOT_APPROVED", "CASE_CLOSED"])
        ]

    def list(self, values, arn, token):
        start = int(token or 0)
        codes = sorted(values)
        page = [quota(code, values[code], code not in self.fixed, arn) for code in codes[start:start + PAGE]]
        answer = {"Quotas": page}
        if start + PAGE < len(codes):
            answer["NextToken"] = str(start + PAGE)
        return answer

    def answer(self, operation, params):
        code = params.get("QuotaCode")
        if operation == "ListServiceQuotas":
            return self.list(self.applied, True, params.get("NextToken"))
        if operation == "ListAWSDefaultServiceQuotas":
            return self.list(self.defaults, False, params.get("NextToken"))
        if operation == "GetServiceQuota":
            return {"Quota": quota(code, self.applied[code], code not in self.fixed)}
        if operation == "GetAWSDefaultServiceQuota":
            return {"Quota": quota(code, self.defaults[code], code not in self.fixed)}
        if operation == "ListRequestedServiceQuotaChangeHistoryByQuota":
            start = int(params.get("NextToken") or 0)
            found = [request for request in self.history if request["QuotaCode"] == code]
            answer = {"RequestedQuotas": found[start:start + PAGE]}
            if start + PAGE < len(found):
                answer["NextToken"] = str(start + PAGE)
            return answer
        if operation == "ListRequestedServiceQuotaChangeHistory":
            return {"RequestedQuotas": self.history}
        if operation == "RequestServiceQuotaIncrease":
            if any(one["QuotaCode"] == code and one["Status"] in ("PENDING", "CASE_OPENED") for one in self.history):
                return {"__type": "ResourceAlreadyExistsException", "Message": "one is open"}
            number = len(self.history)
            status = "CASE_OPENED" if params.get("SupportCaseAllowed", True) else "NOT_APPROVED"
            request = {
                "Id": f"d187537f{number:04}", "ServiceCode": "bedrock", "QuotaCode": code, "QuotaName": f"quota {code}",
                "DesiredValue": params["DesiredValue"], "Status": status, "Created": CREATED + number,
                "LastUpdated": CREATED + number + 60, "GlobalQuota": False, "Unit": "None", "QuotaRequestedAtLevel": "ACCOUNT",
            }
            if status == "CASE_OPENED":
                request["CaseId"] = f"1234567{number:04}"
            self.history.append(request)
            return {"RequestedQuota": request}
        if operation == "Converse":
            text = sum(len(part.get("text", "")) for message in params["messages"] for part in message["content"])
            usage = {"inputTokens": 10 + text, "outputTokens": 7, "totalTokens": 17 + text}
            cached = [part for message in params["messages"] for part in message["content"] if "cachePoint" in part]
            if cached:
                usage.update(cacheReadInputTokens=0, cacheWriteInputTokens=100, totalTokens=117 + text)
            return {
                "output": {"message": {"role": "assistant", "content": [{"text": "marked answer"}]}},
                "stopReason": "end_turn", "usage": usage, "metrics": {"latencyMs": 500 + text},
            }
        if operation == "CountTokens":
            return {"inputTokens": 42}
        raise ValueError(f"{operation} is not called by this program")


ACCOUNT = Account()


def check(shape, value, what):
    report = ParamValidator().validate(value, shape)
    if report.has_errors():
        raise ValueError(f"{what}: {report.generate_report()}")


def rest_operation(method, path):
    """The operation of Bedrock's runtime behind a path, and what the path holds."""
    for name in RUNTIME.operation_names:
        operation = RUNTIME.operation_model(name)
        uri = operation.http["requestUri"].split("?")[0]
        names = re.findall(r"\{(\w+)\+?\}", uri)
        pattern = "^" + re.sub(r"\\\{\w+\\?\+?\\\}", "([^/]+)", re.escape(uri)) + "$"
        match = re.match(pattern, path)
        if operation.http["method"] == method and match:
            return operation, dict(zip(names, map(urllib.parse.unquote, match.groups())))
    raise ValueError(f"no operation has the path {path}")


def rest_params(operation, params, headers, body):
    """What a request to Bedrock's runtime holds: path, headers, and a body that is JSON or bytes."""
    shape = operation.input_shape
    payload = shape.serialization.get("payload")
    for name, member in shape.members.items():
        if member.serialization.get("location") == "header":
            value = headers.get(member.serialization["name"])
            if value is not None:
                params[name] = value
    if payload and shape.members[payload].type_name == "blob":
        json.loads(body)  # every model takes JSON
        params[payload] = body
    else:
        params.update(json.loads(body))
    return params


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def signed_for(self):
        scope = re.match(
            r"AWS4-HMAC-SHA256 Credential=[^/]+/\d{8}/([^/]+)/([^/]+)/aws4_request, *SignedHeaders=([^,]+), *Signature=[0-9a-f]{64}$",
            self.headers.get("authorization", ""),
        )
        if not scope:
            raise ValueError("it is not signed by SigV4")
        region, service, signed = scope.groups()
        if "host" not in signed.split(";"):
            raise ValueError("the host is not signed")
        return region, service

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        said = {"operation": None, "region": None, "service": None, "fault": None}
        status, headers, answer = 200, {}, b"{}"
        try:
            said["region"], said["service"] = region, service = self.signed_for()
            target = self.headers.get("x-amz-target")
            if target:
                prefix, name = target.split(".")
                if prefix != QUOTAS.metadata["targetPrefix"]:
                    raise ValueError(f"{prefix} is not Service Quotas")
                if not self.headers.get("content-type", "").startswith("application/x-amz-json-"):
                    raise ValueError("the body is not announced as JSON")
                operation, params, signing = QUOTAS.operation_model(name), json.loads(body), "servicequotas"
            else:
                operation, params = rest_operation("POST", self.path)
                params, signing = rest_params(operation, params, self.headers, body), "bedrock"
            said["operation"] = operation.name
            if service != signing:
                raise ValueError(f"it is signed for {service}, not for {signing}")
            if region != REGION and not (operation.name == "CountTokens" and region in COUNTING):
                raise ValueError(f"it is signed for {region}")
            check(operation.input_shape, params, f"{operation.name} request")
            if operation.name.startswith(("List", "Get")) and params["ServiceCode"] != "bedrock":
                raise ValueError("another service's quotas")
            if operation.name == "InvokeModel":
                tokens = sum(len(text) for text in json.loads(body)["texts"])
                headers = {
                    "x-amzn-bedrock-input-token-count": str(tokens), "x-amzn-bedrock-output-token-count": "0",
                    "x-amzn-bedrock-invocation-latency": "35", "content-type": "application/json",
                }
                answer = json.dumps({"embeddings": {"float": [[0.5]]}}).encode()
                check(operation.output_shape, {"body": answer, "contentType": "application/json"}, "InvokeModel answer")
            else:
                status, answer = self.answered(operation, params)
        except Exception as fault:  # whatever is wrong with a request is its fault
            said["fault"] = str(fault)
            status, answer = 400, json.dumps({"__type": "ValidationException", "message": str(fault)}).encode()
        with ACCOUNT.lock, open(sys.argv[2], "a", encoding="utf-8") as log:
            log.write(json.dumps(said) + "\n")
        self.send_response(status)
        headers.setdefault("content-type", "application/x-amz-json-1.1")
        for name, value in {**headers, "content-length": str(len(answer))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    def answered(self, operation, params):
        """What the account answers, which must be what the model lets it."""
        with ACCOUNT.lock:
            try:
                answer = ACCOUNT.answer(operation.name, params)
            except KeyError as missing:
                answer = {"__type": NOT_FOUND, "Message": f"there is no {missing}"}
        if "__type" in answer:
            if answer["__type"] not in [shape.name for shape in operation.error_shapes]:
                raise ValueError(f"{operation.name} has no {answer['__type']}")
            return 400, json.dumps(answer).encode()
        check(operation.output_shape, answer, f"{operation.name} answer")
        return 200, json.dumps(answer).encode()

    def log_message(self, *_):
        pass


SERVER = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(sys.argv[1], "w", encoding="utf-8") as port:
    port.write(str(SERVER.server_address[1]))
SERVER.serve_forever()
