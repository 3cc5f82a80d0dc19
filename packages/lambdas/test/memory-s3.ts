/** The few operations of S3 that the Lambdas use, in memory: for tests of what happens between two of them. */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { S3ServiceException } from "@aws-sdk/client-s3";

interface Request {
  readonly Bucket: string;
  readonly Key: string;
  readonly Body?: string;
  readonly IfNoneMatch?: string;
  readonly Prefix?: string;
  readonly StartAfter?: string;
}

const tagOf = (body: string) => `"${createHash("md5").update(body).digest("hex")}"`;

const failure = (name: string) => new S3ServiceException({ name, message: name, $fault: "client", $metadata: {} });

/** @param now the clock of what is written */
export function memoryS3(now: () => Date = () => new Date()) {
  const objects = new Map<string, string>();
  const written = new Map<string, Date>();
  const at = (bucket: string, key: string) => `${bucket}/${key}`;
  const found = ({ Bucket, Key }: Request, missing: string) => {
    const body = objects.get(at(Bucket, Key));
    if (body === undefined) throw failure(missing);
    return body;
  };
  const operations: Record<string, (input: Request) => object> = {
    HeadObjectCommand: (input) => ({ ETag: tagOf(found(input, "NotFound")) }),
    GetObjectCommand: (input) => {
      const body = found(input, "NoSuchKey");
      return { Body: Object.assign(Readable.from([Buffer.from(body)]), { transformToString: async () => body }) };
    },
    PutObjectCommand: ({ Bucket, Key, Body = "", IfNoneMatch }) => {
      if (IfNoneMatch === "*" && objects.has(at(Bucket, Key))) throw failure("PreconditionFailed");
      objects.set(at(Bucket, Key), Body);
      written.set(at(Bucket, Key), now());
      return {};
    },
    ListObjectsV2Command: ({ Bucket, Prefix = "", StartAfter = "" }) => ({
      Contents: [...objects]
        .filter(([name]) => name.startsWith(at(Bucket, Prefix)) && name > at(Bucket, StartAfter))
        .map(([name, body]) => ({
          Key: name.slice(Bucket.length + 1),
          Size: Buffer.byteLength(body),
          ETag: tagOf(body),
          LastModified: written.get(name),
        })),
    }),
  };
  return {
    /** Bodies by `bucket/key`. */
    objects,
    // biome-ignore lint/suspicious/noExplicitAny: stands in for a client whose `send` has an overload per command
    send: async (command: { readonly input: any }): Promise<any> => {
      const operation = operations[command.constructor.name];
      if (operation === undefined) throw new Error(`memoryS3 has no ${command.constructor.name}`);
      return operation(command.input);
    },
  };
}
