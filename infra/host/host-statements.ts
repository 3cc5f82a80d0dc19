/** What every host may do. */
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { metricsNamespace } from "./host-alarms.ts";

/**
 * People come in through Session Manager alone. Of AmazonSSMManagedInstanceCore what sessions and port forwarding need.
 *
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html
 */
export const sessions = (): aws.iam.PolicyStatement[] => [
  {
    Sid: "Sessions",
    Effect: "Allow",
    Action: [
      "ssm:UpdateInstanceInformation",
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ],
    Resource: ["*"],
  },
];

/** The numbers of watch.sh, in its namespace alone: CloudWatch has no resources for metrics. */
export const tellMetrics = (): aws.iam.PolicyStatement => ({
  Sid: "TellMetrics",
  Effect: "Allow",
  Action: ["cloudwatch:PutMetricData"],
  Resource: ["*"],
  Condition: { StringEquals: { "cloudwatch:namespace": metricsNamespace } },
});

/** Pulls the image of the host. */
export const pullImage = (repositoryArn: pulumi.Input<string>): aws.iam.PolicyStatement[] => [
  { Sid: "LogInToTheRegistry", Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: ["*"] },
  {
    Sid: "PullTheImage",
    Effect: "Allow",
    Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    Resource: [repositoryArn],
  },
];

/** Writes to streams of its log group. */
export const writeLogs = (logGroupArn: pulumi.Input<string>): aws.iam.PolicyStatement => ({
  Sid: "WriteLogs",
  Effect: "Allow",
  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
  Resource: [pulumi.interpolate`${logGroupArn}:*`],
});
