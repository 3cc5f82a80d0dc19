/** What AWS answers, as errors that say what to do. */
import { SalesEtlError } from "@sales-etl/etl-core/errors";

interface AwsError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Names, or parts of them, by what they mean. */
const meanings: readonly (readonly [when: (error: AwsError) => boolean, code: string, todo: string])[] = [
  [
    ({ name }) => name === "CredentialsProviderError",
    "AWS_CREDENTIALS",
    "there are no AWS credentials: sign in (aws sso login), or set AWS_PROFILE",
  ],
  [
    ({ message }) => message === "Region is missing",
    "AWS_REGION",
    "no AWS region is set: set AWS_REGION, or one in the profile",
  ],
  [
    ({ name }) =>
      /^(ExpiredToken|InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|SignatureDoesNotMatch)/.test(name),
    "AWS_CREDENTIALS",
    "AWS does not take these credentials: sign in again",
  ],
  [
    ({ name, $metadata }) => /^AccessDenied|^Forbidden$|^403$/.test(name) || $metadata?.httpStatusCode === 403,
    "AWS_DENIED",
    "AWS does not allow it: docs/gate.md lists what is needed",
  ],
  [({ name }) => name === "NoSuchBucket", "BUCKET_NOT_FOUND", "there is no such bucket in this account and region"],
  [
    ({ code = "", name }) =>
      /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET)$/.test(code) || name === "TimeoutError",
    "AWS_UNREACHABLE",
    "AWS does not answer: is there a connection, and is the region right?",
  ],
];

/**
 * Runs `work`; what AWS refuses is thrown again as what to do about it.
 *
 * @param what is being done, as in "asking the gate"
 * @throws {SalesEtlError} AWS_CREDENTIALS, AWS_REGION, AWS_DENIED, BUCKET_NOT_FOUND, AWS_UNREACHABLE; others as they are
 */
export async function withAws<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof SalesEtlError || !(cause instanceof Error)) throw cause;
    const known = meanings.find(([when]) => when(cause));
    if (known === undefined) throw cause;
    const [, code, todo] = known;
    throw new SalesEtlError(`${what}: ${todo} (${cause.message.split("\n")[0]})`, { code, cause });
  }
}
