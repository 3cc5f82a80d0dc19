/** Sign-in at an identity provider, through the whole of OpenID Connect, as behind the load balancer. */
import { expect } from "chai";
import { oidcEnv } from "../../infra/bi/superset-user-data.ts";
import { openBrowser } from "./browser.ts";
import { type Issuer, startIssuer } from "./issuer.ts";
import { makeSuperset, type Superset } from "./superset.ts";

const python = process.env.SALES_ETL_SUPERSET_PYTHON ?? "";
const site = "https://bi.example.com";
const client = { clientId: "superset", clientSecret: "s3cret of the client" };

describe("Superset behind an identity provider", function () {
  this.timeout("600s");
  let issuer: Issuer;
  let superset: Superset;

  before(async () => {
    issuer = await startIssuer({ ...client, redirectUri: `${site}/oauth-authorized/oidc` });
    const roles = { "bi admins": "Admin", planners: "Alpha" };
    superset = await makeSuperset(python, "/nowhere/warehouse.duckdb", {
      SUPERSET_BEHIND_BALANCER: "1",
      ...oidcEnv({ issuer: issuer.url, ...client, roles }),
      OIDC_CLIENT_SECRET: client.clientSecret,
    });
    superset.prepare();
    await superset.listen();
  });
  after(async () => {
    superset?.stop();
    await issuer?.stop();
  });

  /** The whole way of a person; then who Superset says that they are. */
  async function signedIn(person: Parameters<Issuer["signIn"]>[0], fault?: Parameters<Issuer["signIn"]>[1]) {
    issuer.signIn(person, fault);
    const { get } = openBrowser({ site, behind: superset.url });
    const back = await get("/login/oidc");
    expect(back.url, back.text).to.match(/^https:\/\/bi[.]example[.]com\//);
    const { status, text } = await get("/api/v1/me/roles/");
    if (status !== 200) return { status };
    const { username, email, firstName, roles } = JSON.parse(text).result;
    return { status, username, email, firstName, roles: Object.keys(roles).sort() };
  }
  const ada = { sub: "00u1", email: "ada@example.com", given_name: "Ada", family_name: "Lovelace" };

  it("lets nobody in who has not signed in, and sends people to the provider", async () => {
    const { get } = openBrowser({ site, behind: superset.url });
    expect((await get("/api/v1/me/roles/")).status).to.equal(401);
    const page = await get("/superset/welcome/");
    expect(page.url).to.match(/^https:\/\/bi[.]example[.]com\/login\//);
  });

  it("signs a person in by the subject, and gives who is in no group the least", async () => {
    expect(await signedIn(ada)).to.deep.equal({
      ...{ status: 200, username: "00u1", email: "ada@example.com", firstName: "Ada", roles: ["Gamma"] },
    });
    // Another address, the same person.
    expect(await signedIn({ ...ada, email: "ada@other.example.com" })).to.include({ status: 200, username: "00u1" });
  });

  it("gives roles by groups, anew at each sign-in, and none for a group that it does not know", async () => {
    const roles = async (groups: unknown) => (await signedIn({ ...ada, groups })).roles;
    expect(await roles(["planners", "Admin"])).to.deep.equal(["Alpha", "Gamma"]);
    expect(await roles(["bi admins"])).to.deep.equal(["Admin", "Gamma"]);
    expect(await roles("planners")).to.deep.equal(["Alpha", "Gamma"]);
    expect(await roles([])).to.deep.equal(["Gamma"]);
  });

  const faults: Readonly<Record<string, Parameters<Issuer["signIn"]>[1]>> = {
    "of another audience": { claims: { aud: "somebody-else" } },
    "of another issuer": { claims: { iss: "https://other.example.com" } },
    "for another sign-in": { claims: { nonce: "of-yesterday" } },
    "that has expired": { claims: { iat: 1_500_000_000, exp: 1_500_000_300 } },
    "signed by somebody else": { key: "foreign" },
    "without a subject": { claims: { sub: "" } },
  };
  for (const [which, fault] of Object.entries(faults)) {
    it(`takes no token ${which}`, async () => {
      expect(await signedIn({ ...ada, groups: ["bi admins"] }, fault)).to.deep.equal({ status: 401 });
    });
  }

  it("takes no password", async () => {
    const login = await superset.api("/api/v1/security/login", { username: "admin", password: "x", provider: "db" });
    expect(login.status).to.be.oneOf([400, 401]);
  });
});
