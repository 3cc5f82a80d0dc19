#!/usr/bin/env -S node --max-semi-space-size=8
// The young heap stays small: the checks are as quick with it and take about 60 MB less.
// In a checkout the TypeScript sources run as they are; an installed package has the built JavaScript.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const isFile = (relative) => existsSync(new URL(relative, import.meta.url));
const OWN_NODE = "../../../node_modules/node/bin/node";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  if (!isFile(OWN_NODE)) {
    console.error(
      `sales-etl needs Node 22.18 or newer; this is ${process.version}. In a checkout, \`npm start\` brings one along.`,
    );
    process.exit(2);
  }
  // The one that the checkout's lock file names. What stops this process stops that one.
  const args = [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const child = spawn(fileURLToPath(new URL(OWN_NODE, import.meta.url)), args, { stdio: "inherit" });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  const [code, signal] = await new Promise((resolve) => child.once("close", (...ended) => resolve(ended)));
  for (const one of signals) process.removeAllListeners(one);
  if (signal === null) process.exit(code);
  process.kill(process.pid, signal);
  // Until the signal has arrived.
  await new Promise(() => setInterval(() => {}, 1000));
}
// A reader that has seen enough, as `head` does, is no error.
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});
const inCheckout = isFile("../src/main.ts");
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
