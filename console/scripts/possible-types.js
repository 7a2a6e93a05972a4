// The members of each union and interface: the cache matches fragments by them.
import { readFileSync, writeFileSync } from "node:fs";
import { buildSchema, isAbstractType } from "graphql";

const schema = buildSchema(readFileSync("schema.graphql", "utf8"));
const abstract = Object.values(schema.getTypeMap()).filter(isAbstractType);
const possible = Object.fromEntries(
  abstract.map((type) => [type.name, schema.getPossibleTypes(type).map((each) => each.name)]),
);
const text = `export const possibleTypes = ${JSON.stringify(possible, null, 2)} as const;\n`;
writeFileSync("src/gql/possibleTypes.ts", text);
