// A test in Python asks a program line by line: see tests/support/node_program.py.
import { createInterface } from "node:readline";

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
