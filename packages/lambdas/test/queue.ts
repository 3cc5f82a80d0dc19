/** SQS by its protocol: its client would be one more dependency for two calls. */
import type { LocalAws } from "@sales-etl/local-aws";

export const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

export async function createQueue(aws: LocalAws, QueueName: string): Promise<string> {
  const answer = await fetch(aws.endpoint, {
    method: "POST",
    headers: { "x-amz-target": "AmazonSQS.CreateQueue", "content-type": "application/x-amz-json-1.0" },
    body: JSON.stringify({ QueueName }),
  });
  return ((await answer.json()) as { QueueUrl: string }).QueueUrl;
}

/** The bodies of what lies in the queue, left there (an interface of the emulator), oldest first. */
export async function messages(aws: LocalAws, queueUrl: string): Promise<unknown[]> {
  const answer = await fetch(`${aws.endpoint}/_ministack/sqs/messages?QueueUrl=${encodeURIComponent(queueUrl)}`);
  const { messages: found } = (await answer.json()) as {
    messages: Record<string, Record<string, Record<string, { Body: string }[]>>>;
  };
  const lists = Object.values(found).flatMap(Object.values).flatMap(Object.values) as { Body: string }[][];
  return lists.flat().map(({ Body }) => JSON.parse(Body));
}
