#!/usr/bin/env -S node --max-semi-space-size=8
// The young heap stays small: the checks are as quick with it and take about 60 MB less.
// In a checkout the TypeScript sources run as they are; an installed package has the built JavaScript.
import { existsSync } from "node:fs";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`sales-etl needs Node 22.18 or newer; this is ${process.version}.`);
  process.exit(2);
}
// A reader that has seen enough, as `head` does, is no error.
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});
const inCheckout = existsSync(new URL("../src/main.ts", import.meta.url));
if (inCheckout) {
  // Not above: an older Node, which has no such hooks, would fail before it is told what is wrong.
  const { registerHooks } = await import("node:module");
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: [...(context.conditions ?? []), "@sales-etl/source"] }),
  });
}
const { main } = await import(inCheckout ? "../src/main.ts" : "../dist/main.js");
process.exitCode = await main(process.argv.slice(2));
