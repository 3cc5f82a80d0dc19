/** Ctrl-C, and a stop by the system: said in words before the process ends by that very signal. */
import { removeTemporary } from "./temporary.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * A process that ends by the signal is how shells and schedulers know that it was stopped, so there is no exit code.
 * @param say told once
 * @returns ends the watch
 */
export function onInterrupt(say: () => void): () => void {
  const end = (signal: NodeJS.Signals) => {
    say();
    for (const one of SIGNALS) process.off(one, end);
    // Who listens, too, stops what it has started first; the command then ends by itself.
    if (process.listenerCount(signal) > 0) return;
    removeTemporary();
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.on(signal, end);
  return () => {
    for (const signal of SIGNALS) process.off(signal, end);
  };
}
