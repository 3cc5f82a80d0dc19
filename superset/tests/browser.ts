/** What a browser does of a sign-in: keeps cookies, follows redirects. It sees Superset behind the load balancer. */
import { type IncomingMessage, type OutgoingHttpHeaders, request } from "node:http";

export interface BrowserArgs {
  /** What people type: `https://bi.example.com`. */
  readonly site: string;
  /** Where the balancer hands it on to. */
  readonly behind: string;
}

export interface Seen {
  readonly status: number;
  /** Where it ended up. */
  readonly url: string;
  readonly text: string;
}

let people = 0;

/** A person's; another one has cookies and an address of their own: who signs in too often from one is told to wait. */
export function openBrowser({ site, behind }: BrowserArgs) {
  people += 1;
  const cookies = new Map<string, string>();
  /** As the balancer calls the target: https has ended there. */
  const forwarded = {
    host: new URL(site).host,
    "x-forwarded-for": `198.51.100.${people}`,
    "x-forwarded-proto": "https",
    "x-forwarded-port": "443",
  };

  /** `fetch` would say the host that it calls. */
  const ask = (url: URL, headers: OutgoingHttpHeaders): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      request(url, { headers }, resolve).once("error", reject).end();
    });

  async function get(address: string, redirects = 10): Promise<Seen> {
    const url = new URL(address, site);
    const isOurs = url.origin === site;
    const cookie = [...cookies].map((one) => one.join("=")).join("; ");
    const answer = await (isOurs
      ? ask(new URL(`${url.pathname}${url.search}`, behind), { ...forwarded, cookie })
      : ask(url, {}));
    for (const line of isOurs ? (answer.headers["set-cookie"] ?? []) : []) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      // A browser sends no cookie over https that it was not given for it.
      if (!/; *Secure/i.test(line)) throw new Error(`the cookie ${name} is not for https alone`);
      cookies.set(name, value);
    }
    const text = (await answer.toArray()).join("");
    const { location } = answer.headers;
    if (location === undefined) return { status: answer.statusCode ?? 0, url: url.href, text };
    if (redirects === 0) throw new Error(`${address} leads nowhere`);
    return get(new URL(location, url).href, redirects - 1);
  }

  return { get: (address: string) => get(address) };
}
