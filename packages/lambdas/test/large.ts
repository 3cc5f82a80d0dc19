/** More than a Lambda may bundle: three clients of AWS and all of zod. */
import * as eventBridge from "@aws-sdk/client-eventbridge";
import * as lambda from "@aws-sdk/client-lambda";
import * as s3 from "@aws-sdk/client-s3";
import * as zod from "zod";

export const handler = async () => [s3, eventBridge, lambda, zod].flatMap(Object.keys);
