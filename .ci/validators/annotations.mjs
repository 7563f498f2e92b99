// Prints the findings of `--format json` with GitHub's own toolkit and compares with `--format github`.
//
// node annotations.mjs PATH/TO/@actions/core/lib/core.js RESULT.json RESULT.github

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [toolkit, json, github] = process.argv.slice(2);
const core = await import(pathToFileURL(toolkit));
const result = JSON.parse(readFileSync(json, "utf8"));
const written = readFileSync(github, "utf8");

// The toolkit prints to standard output and returns nothing.
const write = process.stdout.write;
let expected = "";
process.stdout.write = (text) => (expected += text, true);
const result_of = { pass: core.notice, warn: core.warning, fail: core.error }[result.status];
result_of(result.summary, { title: "quotaplan" });
for (const finding of result.findings) {
  const properties = { title: finding.code };
  if (finding.file !== null) {
    properties.file = finding.file.replace(/^\.\//, "");
    if (finding.line !== null) {
      properties.startLine = finding.line;
      properties.endLine = finding.end_line ?? undefined;
      // GitHub takes no columns of a range over several lines.
      if (finding.end_line === finding.line) properties.startColumn = finding.column;
    }
  }
  const print = { error: core.error, warning: core.warning, note: core.notice }[finding.severity];
  print(finding.help ? `${finding.message}\n${finding.help}` : finding.message, properties);
}
process.stdout.write = write;

if (written !== expected) {
  const ours = written.split("\n");
  const theirs = expected.split("\n");
  const at = theirs.findIndex((line, index) => line !== ours[index]);
  console.error(`${github}: not what @actions/core prints, first at line ${at + 1}`);
  console.error(`  @actions/core: ${theirs[at]}\n  quotaplan:     ${ours[at]}`);
  process.exit(1);
}
