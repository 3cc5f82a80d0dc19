/**
 * The three operations of Airflow's REST API that are used, typed from its OpenAPI documents; of these the types of other
 * operations would be 11,000 lines. The tests run against the real server.
 */
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import type { paths } from "./airflow-api.ts";

/** What an operation takes, and what it answers with a status. */
type Operation = {
  readonly requestBody?: { readonly content: { readonly "application/json": unknown } };
  readonly responses: object;
};
type BodyOf<Of extends Operation> = NonNullable<Of["requestBody"]>["content"]["application/json"];
type AnswerOf<Of extends Operation, Status extends keyof Of["responses"]> = Of["responses"][Status] extends {
  readonly content: { readonly "application/json": infer Answer };
}
  ? Answer
  : never;

const HEALTH = "/api/v2/monitor/health" satisfies keyof paths;
const LOGIN = "/auth/token" satisfies keyof paths;
const RUNS = "/api/v2/dags/{dag_id}/dagRuns" satisfies keyof paths;

type GetHealth = paths[typeof HEALTH]["get"];
type LogIn = paths[typeof LOGIN]["post"];
type TriggerRun = paths[typeof RUNS]["post"];

/** What the host writes at each boot, see infra/host. */
export interface Credential {
  readonly username: string;
  readonly password: string;
  /** ISO 8601; the host is off by then. */
  readonly validUntil: string;
}

export interface DagRunRequest {
  readonly dagId: string;
  readonly dagRunId: string;
  readonly conf: Readonly<Record<string, string>>;
  readonly note: string;
}

export interface Airflow {
  /** Whether all of its processes are. Never throws: a host that is starting answers nothing. */
  isHealthy(): Promise<boolean>;
  /** @returns null when it cannot be told yet, as with the credential of an earlier boot */
  login(credential: Credential): Promise<string | null>;
  /**
   * `exists`: it was triggered before. `not yet`: Airflow cannot take it now, but will.
   *
   * @throws {SalesEtlError} AIRFLOW_REFUSED when it never will
   */
  trigger(token: string, run: DagRunRequest): Promise<"triggered" | "exists" | "not yet">;
}

export interface AirflowArgs {
  /** `http://10.20.1.7:8080` */
  readonly url: string;
  readonly requestMs?: number;
}

type Health = AnswerOf<GetHealth, 200>;
const components = ["metadatabase", "scheduler", "triggerer", "dag_processor"] as const satisfies (keyof Health)[];

export function airflow({ url, requestMs = 10_000 }: AirflowArgs): Airflow {
  const request = async (method: string, path: string, options: { body?: object; token?: string } = {}) => {
    const answer = await fetch(new URL(path, url), {
      method,
      headers: {
        "content-type": "application/json",
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      signal: AbortSignal.timeout(requestMs),
    });
    return { status: answer.status, text: await answer.text() };
  };

  return {
    async isHealthy() {
      const answer = await request("GET", HEALTH).catch(() => null);
      if (answer?.status !== 200) return false;
      // What is not up yet may be left out.
      const health = JSON.parse(answer.text) as Partial<Health>;
      return components.every((component) => health[component]?.status === "healthy");
    },

    async login({ username, password }) {
      const body: BodyOf<LogIn> = { username, password };
      const { status, text } = await request("POST", LOGIN, { body });
      if (status === 401 || isTemporary(status)) return null;
      if (status !== 201) throw refused("the login", status, "");
      return (JSON.parse(text) as AnswerOf<LogIn, 201>).access_token;
    },

    async trigger(token, { dagId, dagRunId, conf, note }) {
      const path = RUNS.replace(
        "{dag_id}" satisfies `{${keyof TriggerRun["parameters"]["path"]}}`,
        encodeURIComponent(dagId),
      );
      // Without `logical_date` it is a 422; null says that the run belongs to no schedule.
      const body: BodyOf<TriggerRun> = { dag_run_id: dagRunId, logical_date: null, conf, note };
      const { status, text } = await request("POST", path, { body, token });
      if (status === 200 || status === 201) return "triggered";
      if (status === 409) return "exists";
      // 404: after the first boot the DAG's file is not read yet.
      if (status === 404 || isTokenOfEarlierBoot(status, text) || isTemporary(status)) return "not yet";
      throw refused(`the run ${dagRunId}`, status, text);
    },
  };
}

/** Airflow answers 403 to a token that it did not sign, as it does to what a user may not do. */
const isTokenOfEarlierBoot = (status: number, text: string) =>
  status === 401 || (status === 403 && text.includes("Invalid JWT token"));

const isTemporary = (status: number) => status === 429 || status >= 500;

const refused = (what: string, status: number, text: string) =>
  new SalesEtlError(`Airflow refused ${what} with ${status}: ${text.slice(0, 500)}`, { code: "AIRFLOW_REFUSED" });
