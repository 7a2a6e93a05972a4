// A test in Python asks a program line by line: see tests/support/node_program.py.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { buildSchema, isAbstractType } from "graphql";

const say = (said) => process.stdout.write(`${JSON.stringify(said)}\n`);

export const tell = (told) => say({ told });

export async function serve(functions) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { number, do: name, given } = JSON.parse(line);
    Promise.resolve()
      .then(() => functions[name](...given))
      .then(
        (answer) => say({ number, answer }),
        (error) => say({ number, error: error?.stack ?? JSON.stringify(error) }),
      );
  }
}

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");

export const document = (name) => read(`documents/${name}.graphql`);

// The members of each union and interface.
export function possibleTypes() {
  const schema = buildSchema(read("../../console/schema.graphql"));
  const abstract = Object.values(schema.getTypeMap()).filter(isAbstractType);
  const names = (type) => schema.getPossibleTypes(type).map((each) => each.name);
  return Object.fromEntries(abstract.map((type) => [type.name, names(type)]));
}

// A `fetch` that keeps what it sent: the name of each operation, and by what it was named.
export function noting(sent) {
  return (url, options) => {
    const { operationName, query, extensions } = JSON.parse(options.body);
    const by = [extensions?.persistedQuery && "id", query && "document"].filter(Boolean);
    sent.push(`${operationName} by ${by.join(" and ")}`);
    return fetch(url, options);
  };
}
