import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ResourceRef } from "./resource-ref.ts";

/** An IAM policy document as JSON. */
export const policyDocument = (...statements: pulumi.Input<aws.iam.PolicyStatement>[]): pulumi.Output<string> =>
  pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });

/** Lets an AWS service take on a role, for resources of this account only. */
export const trustPolicy = (
  service: string,
  conditions?: aws.iam.PolicyStatement["Condition"],
): pulumi.Output<string> =>
  policyDocument({
    Sid: "TakeOnThisRole",
    Effect: "Allow",
    Principal: { Service: service },
    Action: ["sts:AssumeRole"],
    ...(conditions === undefined ? {} : { Condition: conditions }),
  });

/** For bucket, topic and queue policies: nobody talks to them without TLS. `actions` are those of the service. */
export const denyWithoutTls = (actions: string, resources: pulumi.Input<string>[]): aws.iam.PolicyStatement => ({
  Sid: "DenyWithoutTls",
  Effect: "Deny",
  Principal: "*",
  Action: [actions],
  Resource: resources,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

/** What a role needs to read and write things that are encrypted with the key. */
export const useKey = (keyArn: pulumi.Input<string>): aws.iam.PolicyStatement => ({
  Sid: "UseKey",
  Effect: "Allow",
  Action: ["kms:Decrypt", "kms:GenerateDataKey"],
  Resource: [keyArn],
});

/** The receipts of all dates in the control bucket: read and written, never removed. */
export const keepReceipts = (control: ResourceRef): aws.iam.PolicyStatement => ({
  Sid: "KeepReceipts",
  Effect: "Allow",
  Action: ["s3:GetObject", "s3:PutObject"],
  Resource: [pulumi.interpolate`${control.arn}/dt=*/*.json`],
});

/** Tells the pipeline's bus of things. */
export const tellOthers = (eventBus: ResourceRef): aws.iam.PolicyStatement => ({
  Sid: "TellOthers",
  Effect: "Allow",
  Action: ["events:PutEvents"],
  Resource: [eventBus.arn],
});
