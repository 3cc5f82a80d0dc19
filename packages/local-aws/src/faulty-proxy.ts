/**
 * A proxy before the local AWS that breaks bodies as networks do: after so many bytes the connection is cut, ended as if
 * the body were whole, or falls silent. It knows nothing of AWS but how an object is asked for.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Fault {
  /** What the path must end with. */
  readonly key: string;
  /** After so many bytes of the answer's body. */
  readonly afterBytes: number;
  /** `cut`: the connection is reset; `end`: it is closed as if all had come; `silence`: it stays open, and nothing comes. */
  readonly kind: "cut" | "end" | "silence";
  /** How many answers are broken before one is whole. */
  readonly times: number;
  /** Called when the fault strikes, before the connection breaks. */
  readonly meanwhile?: () => Promise<unknown>;
}

export interface Asked {
  readonly path: string;
  readonly range: string | null;
  readonly ifMatch: string | null;
}

export interface FaultyProxy {
  readonly endpoint: string;
  /** Every request for an object (GET), in order. */
  readonly asked: readonly Asked[];
  /** Replaces the faults that are to come. */
  break(...faults: Fault[]): void;
  stop(): Promise<void>;
}

export async function startFaultyProxy(upstream: string): Promise<FaultyProxy> {
  const asked: Asked[] = [];
  let left: { fault: Fault; times: number }[] = [];

  const answer = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method = "GET", headers, url = "/" } = incoming;
    const path = decodeURIComponent(new URL(url, upstream).pathname);
    const isGet = method === "GET";
    if (isGet) asked.push({ path, range: headers.range ?? null, ifMatch: headers["if-match"] ?? null });
    const forward = request(new URL(url, upstream), { method, headers }, (reply) => {
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      const entry =
        isGet && (reply.statusCode ?? 0) < 300
          ? left.find(({ fault, times }) => times > 0 && path.endsWith(fault.key))
          : undefined;
      if (entry === undefined) {
        reply.pipe(outgoing);
        return;
      }
      entry.times -= 1;
      void strike(reply, outgoing, entry.fault);
    });
    forward.on("error", () => outgoing.destroy());
    incoming.pipe(forward);
  };

  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    break: (...faults) => {
      left = faults.map((fault) => ({ fault, times: fault.times }));
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function strike(reply: IncomingMessage, outgoing: ServerResponse, { afterBytes, kind, meanwhile }: Fault) {
  let sent = 0;
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    const part = chunk.subarray(0, afterBytes - sent);
    await new Promise((resolve) => outgoing.write(part, resolve));
    sent += part.length;
    if (sent >= afterBytes) break;
  }
  await meanwhile?.();
  if (kind === "cut") outgoing.socket?.resetAndDestroy();
  // Closed without the bytes that the header promised.
  if (kind === "end") outgoing.socket?.end();
}
