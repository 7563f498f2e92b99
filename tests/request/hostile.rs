//! Names from an overlay and from rows cannot become commands, keys or markup in the files of a pack.

use std::fs;

use crate::support::quotaplan;

/// A name that breaks out of every format that takes it as it is.
const NAME: &str = r#"A\n$(touch x)`touch y` ${z} %{if} \" ' # {{ }} | <b> !Ref \u0007"#;

#[test]
fn a_hostile_name_stays_a_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let overlay =
        format!("[[model]]\nid = \"anthropic.claude-haiku-4-5-20251001-v1:0\"\nname = \"{NAME}\"\n");
    fs::write(folder.path().join("overlay.toml"), overlay).expect("writing");
    let csv = "workload,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens,latency_seconds\n\
               \"$(touch x)\n##[error] | ![x](http://x) `y`\",haiku-4.5/us,,3000,3000,500,700,4\n";
    fs::write(folder.path().join("workloads.csv"), csv).expect("writing");
    let run = quotaplan(
        folder.path(),
        &[
            "request",
            "workloads.csv",
            "--today",
            "2026-11-25",
            "--models",
            "overlay.toml",
            "--out",
            "pack",
            "--also-rpm",
        ],
    );
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let read = |name: &str| fs::read_to_string(folder.path().join("pack").join(name)).expect(name);
    let script = read("submit.sh");
    // Behind the last function of the script there are calls and comments alone.
    let (_, calls) = script.rsplit_once("\n}\n").expect("functions");
    let calls: Vec<&str> = calls.lines().filter(|line| !line.is_empty()).collect();
    assert!(!calls.is_empty());
    for line in calls {
        assert!(line.starts_with("# ") || line.starts_with("request L-"), "{line}");
    }
    for line in read("quotas.tf").lines().filter(|line| line.contains("touch x")) {
        assert!(line.starts_with("# "), "{line}");
    }
    let alarms = read("alarms.yaml");
    for line in alarms.lines().filter(|line| line.contains("touch x")) {
        let (key, value) = line.trim().split_once(": ").expect("a key");
        assert!(key == "AlarmDescription" || key == "Description", "{line}");
        let _: String = serde_json::from_str(value).expect("one quoted text");
    }
    let request = read("request.md");
    for raw in ["![x]", "`y`", "<b>", "\u{7}"] {
        assert!(!request.contains(raw), "{raw} stands as it was given");
    }
    assert!(!String::from_utf8_lossy(&run.stdout).contains('\u{7}'));
}
