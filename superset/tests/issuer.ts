/** An identity provider of OpenID Connect on 127.0.0.1: discovery, keys, sign-in, tokens. Who signs in is said beforehand. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface Person {
  readonly sub: string;
  readonly [claim: string]: unknown;
}

export interface IssuerArgs {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where it may send people back to; every other address is refused. */
  readonly redirectUri: string;
}

export interface Issuer {
  readonly url: string;
  /** Who signs in next, and what is wrong with the ID token that says so. */
  signIn(person: Person, fault?: { readonly claims?: object; readonly key?: "foreign" }): void;
  stop(): Promise<void>;
}

const json64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

function jwt(claims: object, key: KeyObject): string {
  const text = `${json64({ alg: "RS256", kid: "1", typ: "JWT" })}.${json64(claims)}`;
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}

interface Code {
  readonly person: Person;
  readonly fault: Parameters<Issuer["signIn"]>[1];
  readonly nonce: string | null;
  readonly challenge: string | null;
}

export async function startIssuer({ clientId, clientSecret, redirectUri }: IssuerArgs): Promise<Issuer> {
  const [own, foreign] = [1, 2].map(() => generateKeyPairSync("rsa", { modulusLength: 2048 }));
  const codes = new Map<string, Code>();
  let next: Pick<Code, "person" | "fault"> | null = null;

  /** Sends the browser back with a code, as after a form with a password. */
  function authorize(query: URLSearchParams): { readonly status: number; readonly location?: string } {
    const given = query.get("redirect_uri");
    if (query.get("client_id") !== clientId || given !== redirectUri) return { status: 400 };
    if (query.get("response_type") !== "code" || !query.get("scope")?.split(" ").includes("openid") || next === null) {
      return { status: 400 };
    }
    const code = randomBytes(16).toString("hex");
    codes.set(code, { ...next, nonce: query.get("nonce"), challenge: query.get("code_challenge") });
    const back = new URL(given);
    back.searchParams.set("code", code);
    back.searchParams.set("state", query.get("state") ?? "");
    return { status: 302, location: back.href };
  }

  /** A code is worth something once, and to the client alone. */
  function token(request: IncomingMessage, form: URLSearchParams): { readonly status: number; readonly body: object } {
    const basic = Buffer.from(request.headers.authorization?.replace(/^Basic /, "") ?? "", "base64").toString();
    const secret = basic === "" ? `${form.get("client_id")}:${form.get("client_secret")}` : basic;
    if (secret !== `${clientId}:${clientSecret}`) return { status: 401, body: { error: "invalid_client" } };
    const found = codes.get(form.get("code") ?? "");
    codes.delete(form.get("code") ?? "");
    const proof = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    const isProven = found?.challenge == null || found.challenge === proof;
    if (found === undefined || !isProven || form.get("redirect_uri") !== redirectUri) {
      return { status: 400, body: { error: "invalid_grant" } };
    }
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: url, aud: clientId, iat: now, exp: now + 300, nonce: found.nonce, ...found.person };
    const key = (found.fault?.key === "foreign" ? foreign : own)?.privateKey as KeyObject;
    const id_token = jwt({ ...claims, ...found.fault?.claims }, key);
    return { status: 200, body: { access_token: "a", token_type: "Bearer", expires_in: 300, id_token } };
  }

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", url);
    const answer = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (pathname === "/.well-known/openid-configuration") {
      answer(200, {
        ...{ issuer: url, authorization_endpoint: `${url}/authorize`, token_endpoint: `${url}/token` },
        ...{ jwks_uri: `${url}/keys`, userinfo_endpoint: `${url}/userinfo` },
        ...{ response_types_supported: ["code"], subject_types_supported: ["public"] },
        id_token_signing_alg_values_supported: ["RS256"],
      });
    } else if (pathname === "/keys") {
      answer(200, { keys: [{ ...own?.publicKey.export({ format: "jwk" }), kid: "1", use: "sig", alg: "RS256" }] });
    } else if (pathname === "/authorize") {
      const { status, location } = authorize(searchParams);
      response.writeHead(status, location === undefined ? {} : { location }).end();
    } else if (pathname === "/token") {
      const { status, body } = token(request, new URLSearchParams((await request.toArray()).join("")));
      answer(status, body);
    } else answer(404, {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    signIn(person, fault) {
      next = { person, fault };
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
