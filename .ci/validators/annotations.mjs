// Prints the findings of `--format json` with GitHub's own toolkit and compares with `--format github`.
//
// node annotations.mjs PATH/TO/@actions/core/lib/core.js RESULT.json RESULT.github

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [toolkit, json, github] = process.argv.slice(2);
const core = await import(pathToFileURL(toolkit));
const result = JSON.parse(readFileSync(json, "utf8"));
const written = readFileSync(github, "utf8");

// Names are shown with escapes for what is not seen: by the classes of JavaScript's own Unicode data, without the
// visible signs among the format characters.
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;
const signs = /[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]/u;
const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const escape = (c) => (signs.test(c) ? c : (short[c] ?? `\\u{${c.codePointAt(0).toString(16)}}`));
const seen = (text) => text.replace(unseen, escape).replace(/(##[A-Za-z0-9._-]*)\[/g, "$1\\[");

// The toolkit prints to standard output and returns nothing.
const write = process.stdout.write;
let expected = "";
process.stdout.write = (text) => (expected += text, true);
const result_of = { pass: core.notice, warn: core.warning, fail: core.error }[result.status];
result_of(seen(result.summary), { title: "quotaplan" });
for (const finding of result.findings) {
  const properties = { title: finding.code };
  if (finding.file !== null) {
    properties.file = seen(finding.file.replace(/^\.\//, ""));
    if (finding.line !== null) {
      properties.startLine = finding.line;
      properties.endLine = finding.end_line ?? undefined;
      // GitHub takes no columns of a range over several lines.
      if (finding.end_line === finding.line) properties.startColumn = finding.column;
    }
  }
  const print = { error: core.error, warning: core.warning, note: core.notice }[finding.severity];
  print([finding.message, finding.help].filter((text) => text).map(seen).join("\n"), properties);
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
