/** A proxy before the local AWS that breaks uploads as networks do: in the middle of the body, or of the answer alone. */
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface UploadProxy {
  readonly endpoint: string;
  /**
   * Once: after so many bytes of the body of an upload (PUT) to this key nothing is passed on any more; the connection is
   * reset, or held open.
   *
   * @returns when that has happened
   */
  cutUpload(key: string, how: { readonly afterBytes: number; readonly ending: "reset" | "hold" }): Promise<void>;
  /** Once: the upload to this key is passed on, and its answer is not. @returns when that has happened */
  loseAnswer(key: string): Promise<void>;
  /** Ends what is held. */
  release(): void;
  stop(): Promise<void>;
}

interface Fault {
  readonly key: string;
  readonly afterBytes: number | null;
  readonly ending: "reset" | "hold";
  readonly struck: () => void;
}

export async function startUploadProxy(upstream: string): Promise<UploadProxy> {
  let faults: Fault[] = [];
  const held: IncomingMessage[] = [];

  const plan = (fault: Omit<Fault, "struck">) =>
    new Promise<void>((struck) => {
      faults.push({ ...fault, struck });
    });

  const answer = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method = "GET", headers, url = "/" } = incoming;
    const path = decodeURIComponent(new URL(url, upstream).pathname);
    const fault = method === "PUT" ? faults.find(({ key }) => path.endsWith(`/${key}`)) : undefined;
    faults = faults.filter((one) => one !== fault);
    if (fault !== undefined && fault.afterBytes !== null) return cut(incoming, fault, fault.afterBytes, held);
    const forward = request(new URL(url, upstream), { method, headers }, (reply) => {
      if (fault === undefined) {
        outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(outgoing);
        return;
      }
      reply.resume().on("end", () => {
        outgoing.socket?.resetAndDestroy();
        fault.struck();
      });
    });
    forward.on("error", () => outgoing.destroy());
    incoming.pipe(forward);
  };

  const server = createServer(answer);
  // S3's clients ask before they send a large body.
  server.on("checkContinue", (incoming, outgoing) => {
    outgoing.writeContinue();
    answer(incoming, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const release = () => {
    for (const one of held.splice(0)) one.destroy();
  };
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cutUpload: (key, { afterBytes, ending }) => plan({ key, afterBytes, ending }),
    loseAnswer: (key) => plan({ key, afterBytes: null, ending: "reset" }),
    release,
    stop: () =>
      new Promise((resolve) => {
        release();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function cut(incoming: IncomingMessage, { ending, struck }: Fault, afterBytes: number, held: IncomingMessage[]): void {
  let come = 0;
  const take = (chunk: Buffer) => {
    come += chunk.length;
    if (come < afterBytes) return;
    incoming.off("data", take).pause();
    if (ending === "hold") held.push(incoming);
    else incoming.socket.resetAndDestroy();
    struck();
  };
  incoming.on("error", () => {}).on("data", take);
}
