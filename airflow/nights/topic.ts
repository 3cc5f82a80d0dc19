/** SNS by its protocol: its client would be one more dependency for two calls. */
import type { LocalAws } from "@sales-etl/local-aws";

async function call(aws: LocalAws, parameters: Readonly<Record<string, string>>): Promise<string> {
  const body = new URLSearchParams({ Version: "2010-03-31", ...parameters });
  // The credential's scope says which service is meant.
  const authorization =
    "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sns/aws4_request, SignedHeaders=host, Signature=0";
  const answer = await fetch(aws.endpoint, { method: "POST", headers: { authorization }, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${parameters.Action}: ${text}`);
  return text;
}

/** @returns its ARN */
export async function createTopic(aws: LocalAws, Name: string): Promise<string> {
  const text = await call(aws, { Action: "CreateTopic", Name });
  return /<TopicArn>([^<]+)</.exec(text)?.[1] ?? "";
}

export const subscribeQueue = (aws: LocalAws, TopicArn: string, Endpoint: string): Promise<string> =>
  call(aws, { Action: "Subscribe", TopicArn, Protocol: "sqs", Endpoint });
