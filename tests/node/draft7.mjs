// {schema, texts} on standard input: a JSON Schema (draft 7) and YAML texts → for each text what is wrong with
// it, as a JSON list of lists. A schema that is none, or a pattern that JavaScript cannot read, ends the program.
import { readFileSync } from "node:fs";
import Ajv from "ajv";
import { parse } from "yaml";

const { schema, texts } = JSON.parse(readFileSync(0, "utf8"));
const validate = new Ajv.default({ allErrors: true, strict: false }).compile(schema);
const faults = (text) => (validate(parse(text)) ? [] : validate.errors);
console.log(JSON.stringify(texts.map((text) => faults(text).map((error) => `${error.instancePath} ${error.message}`))));
