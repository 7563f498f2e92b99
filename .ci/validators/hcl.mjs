// hcl.mjs PACKAGES FILE: the file as JSON, by HashiCorp's own parser; fails where that does.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [packages, file] = process.argv.slice(2);
const { parse } = createRequire(packages)("@cdktf/hcl2json");
console.log(JSON.stringify(await parse(file, readFileSync(file, "utf8"))));
