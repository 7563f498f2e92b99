//! A server on the loopback in the place of AWS: Service Quotas with an account of its own, Bedrock's
//! runtime with fixed answers, and every way to misbehave that a script names.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use serde_json::{Value, json};

/// How a call is answered.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// As AWS would.
    Well,
    /// As AWS would, after a while.
    Slow(Duration),
    /// As AWS would, broken off in the middle of the body.
    Truncated,
    /// With an error: status, code, message.
    Error(u16, &'static str, &'static str),
    /// With these bytes.
    Raw(u16, &'static str),
    /// Not at all: the connection is closed.
    Closed,
    /// Not at all, for as long as the server stands.
    Never,
    /// What is asked for is done; then the answer is this.
    DoneThen(Box<Reply>),
}

/// A call that came in.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) operation: String,
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Value,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    /// What the next calls of an operation get; then they get what AWS would answer.
    pub(crate) script: BTreeMap<&'static str, VecDeque<Reply>>,
    pub(crate) seen: Vec<Seen>,
    pub(crate) applied: BTreeMap<String, f64>,
    pub(crate) defaults: BTreeMap<String, f64>,
    pub(crate) history: Vec<Value>,
    /// A list's pages repeat this token without end.
    pub(crate) repeats: Option<&'static str>,
}

impl State {
    pub(crate) fn calls(&self, operation: &str) -> usize {
        self.seen.iter().filter(|seen| seen.operation == operation).count()
    }

    /// How often an increase of a quota was taken.
    pub(crate) fn taken(&self, code: &str) -> usize {
        self.history.iter().filter(|request| request["QuotaCode"] == code).count()
    }
}

pub(crate) struct Server {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl Server {
    /// Two quotas at their default of 5,000,000, and a script.
    pub(crate) fn new(script: &[(&'static str, Vec<Reply>)]) -> Self {
        let defaults = [("L-58BE175A".to_owned(), 5_000_000.0), ("L-15B8E632".to_owned(), 5_000_000.0)];
        let script = script.iter().map(|(operation, replies)| (*operation, replies.clone().into())).collect();
        let state = State { script, defaults: defaults.into(), ..State::default() };
        let state = Arc::new(Mutex::new(state));
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || serve(&stream, &shared));
            }
        });
        Self { port, state }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no thread panics with it")
    }
}

/// Serves a connection until it ends.
fn serve(stream: &TcpStream, state: &Mutex<State>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let seen = read(&mut reader)?;
        let reply = {
            let mut state = state.lock().ok()?;
            state.seen.push(seen.clone());
            let script = state.script.get_mut(seen.operation.as_str());
            script.and_then(VecDeque::pop_front).unwrap_or(Reply::Well)
        };
        answer(stream, &seen, &reply, state)?;
    }
}

fn answer(mut stream: &TcpStream, seen: &Seen, reply: &Reply, state: &Mutex<State>) -> Option<()> {
    let done = || well(seen, &mut state.lock().expect("no thread panics with it"));
    match reply {
        Reply::Well => write(stream, done(), 0),
        Reply::Slow(length) => {
            std::thread::sleep(*length);
            write(stream, done(), 0)
        }
        Reply::Truncated => {
            write(stream, done(), 5)?;
            stream.shutdown(std::net::Shutdown::Both).ok()?;
            None
        }
        Reply::Error(status, code, message) => write(stream, error(*status, code, message), 0),
        Reply::Raw(status, body) => write(stream, (*status, Vec::new(), (*body).to_owned()), 0),
        Reply::Closed => {
            stream.flush().ok()?;
            stream.shutdown(std::net::Shutdown::Both).ok()?;
            None
        }
        Reply::Never => loop {
            std::thread::park();
        },
        Reply::DoneThen(reply) => {
            let _ = done();
            match reply.as_ref() {
                // What AWS would say, cut off, of what is done already.
                Reply::Truncated => {
                    write(stream, (200, Vec::new(), "{\"RequestedQuota\":{\"Id\":\"x\"}}".to_owned()), 5)?;
                    stream.shutdown(std::net::Shutdown::Both).ok()?;
                    None
                }
                reply => answer(stream, seen, reply, state),
            }
        }
    }
}

type Answer = (u16, Vec<(&'static str, &'static str)>, String);

/// Writes an answer without its last bytes.
fn write(mut stream: &TcpStream, (status, headers, body): Answer, missing: usize) -> Option<()> {
    let mut head = format!(
        "HTTP/1.1 {status} Said\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let sent = &body.as_bytes()[..body.len() - missing];
    stream.write_all(&[head.as_bytes(), b"\r\n", sent].concat()).ok()?;
    stream.flush().ok()
}

fn error(status: u16, code: &str, message: &str) -> Answer {
    // Bedrock's runtime names the error in a header, Service Quotas in the body; neither minds the other.
    (status, Vec::new(), json!({"__type": code, "code": code, "message": message}).to_string())
}

fn read(reader: &mut BufReader<&TcpStream>) -> Option<Seen> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let operation = match headers.get("x-amz-target") {
        Some(target) => target.split('.').next_back()?.to_owned(),
        None => match path.rsplit('/').next()? {
            "converse" => "Converse",
            "count-tokens" => "CountTokens",
            "invoke" => "InvokeModel",
            other => other,
        }
        .to_owned(),
    };
    Some(Seen { operation, path, headers, body: serde_json::from_slice(&body).unwrap_or(Value::Null) })
}

/// What AWS would answer.
fn well(seen: &Seen, state: &mut State) -> Answer {
    let code = seen.body["QuotaCode"].as_str().unwrap_or_default();
    let none = || error(400, "NoSuchResourceException", "The requested quota is not found.");
    let good = |body: Value| (200, Vec::new(), body.to_string());
    match seen.operation.as_str() {
        "ListServiceQuotas" => good(page(&state.applied, &seen.body, state.repeats)),
        "ListAWSDefaultServiceQuotas" => good(page(&state.defaults, &seen.body, state.repeats)),
        "GetServiceQuota" => {
            state.applied.get(code).map_or_else(none, |value| good(json!({"Quota": quota(code, *value)})))
        }
        "GetAWSDefaultServiceQuota" => {
            state.defaults.get(code).map_or_else(none, |value| good(json!({"Quota": quota(code, *value)})))
        }
        "ListRequestedServiceQuotaChangeHistoryByQuota" => {
            let of_code: Vec<_> =
                state.history.iter().filter(|request| request["QuotaCode"] == code).collect();
            good(json!({"RequestedQuotas": of_code}))
        }
        "RequestServiceQuotaIncrease" => {
            let open = |request: &Value| request["QuotaCode"] == code && request["Status"] == "PENDING";
            if state.history.iter().any(open) {
                return error(400, "ResourceAlreadyExistsException", "A request is open already.");
            }
            let request = json!({
                "Id": format!("request-{}", state.history.len()), "QuotaCode": code, "ServiceCode": "bedrock",
                "DesiredValue": seen.body["DesiredValue"], "Status": "PENDING", "Created": 1_795_000_000.5,
            });
            state.history.push(request.clone());
            good(json!({"RequestedQuota": request}))
        }
        "Converse" => good(json!({
            "output": {"message": {"role": "assistant", "content": [{"text": "marked answer"}]}},
            "stopReason": "end_turn", "metrics": {"latencyMs": 812},
            "usage": {"inputTokens": 42, "outputTokens": 7, "totalTokens": 1049,
                "cacheReadInputTokens": 0, "cacheWriteInputTokens": 1000},
        })),
        "CountTokens" => good(json!({"inputTokens": 42})),
        "InvokeModel" => {
            let headers =
                vec![("x-amzn-bedrock-input-token-count", "11"), ("x-amzn-bedrock-invocation-latency", "35")];
            (200, headers, json!({"embeddings": [[0.5]]}).to_string())
        }
        _ => error(400, "UnknownOperationException", "no such operation"),
    }
}

fn quota(code: &str, value: f64) -> Value {
    json!({
        "QuotaCode": code, "QuotaName": "tokens per minute", "Value": value, "Adjustable": true,
        "QuotaArn": format!("arn:aws:servicequotas:ca-central-1:111122223333:bedrock/{code}"),
    })
}

/// One quota a page.
fn page(quotas: &BTreeMap<String, f64>, body: &Value, repeats: Option<&str>) -> Value {
    let at: usize = body["NextToken"].as_str().and_then(|token| token.parse().ok()).unwrap_or(0);
    let page: Vec<_> = quotas.iter().skip(at).take(1).map(|(code, value)| quota(code, *value)).collect();
    match repeats {
        Some(token) => json!({"Quotas": page, "NextToken": token}),
        None if at + 1 < quotas.len() => json!({"Quotas": page, "NextToken": (at + 1).to_string()}),
        None => json!({"Quotas": page}),
    }
}
