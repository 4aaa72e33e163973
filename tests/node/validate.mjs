// A JSON Schema (draft 4) by its path, and documents, one a line on standard input → for each a line with
// what is wrong with it, as JSON; `[]` for a valid one.
import { readFileSync } from "node:fs";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";

const schema = JSON.parse(readFileSync(process.argv[2], "utf8"));
// The schema of SARIF has a pattern that is none under the `u` flag of regular expressions.
const ajv = new Ajv.default({ allErrors: true, strict: false, unicodeRegExp: false });
addFormats.default(ajv);
const validate = ajv.compile(schema);

for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const valid = validate(JSON.parse(line));
  const found = valid ? [] : validate.errors.map((error) => `${error.instancePath} ${error.message}`);
  console.log(JSON.stringify(found));
}
