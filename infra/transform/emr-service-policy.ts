import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { managedPolicyTag } from "@sales-etl/etl-core/emr";
import type { Account } from "../common/account.ts";

/**
 * What EMR needs to run clusters in networks that carry the tag `for-use-with-amazon-emr-managed-policies`. It follows
 * AmazonEMRServicePolicy_v2 without what job flows of instance fleets do not need (placement groups, the older auto
 * scaling, endpoints), in this account and region only.
 *
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEMRServicePolicy_v2.html
 */
export const emrServiceStatements = (
  account: Account,
  instanceRoleArn: pulumi.Input<string>,
): aws.iam.PolicyStatement[] => [
  ...launching(account),
  ...managing(account),
  ...securityGroups(account),
  ...roles(account, instanceRoleArn),
];

const { key, value } = managedPolicyTag;
const existingIsTagged = { StringEquals: { [`aws:ResourceTag/${key}`]: value } };
const newIsTagged = { StringEquals: { [`aws:RequestTag/${key}`]: value } };

const allow = (
  Sid: string,
  actions: string[],
  resources: pulumi.Input<string>[],
  condition?: aws.iam.PolicyStatement["Condition"],
): aws.iam.PolicyStatement => ({
  Sid,
  Effect: "Allow",
  Action: actions,
  Resource: resources,
  ...(condition === undefined ? {} : { Condition: condition }),
});

const ec2 = ({ id, region, partition }: Account, ...kinds: string[]) =>
  kinds.map((kind) => pulumi.interpolate`arn:${partition}:ec2:${region}:${id}:${kind}/*`);

const launch = ["ec2:CreateFleet", "ec2:CreateLaunchTemplate", "ec2:CreateLaunchTemplateVersion", "ec2:RunInstances"];

function launching(account: Account): aws.iam.PolicyStatement[] {
  const { region, partition } = account;
  return [
    allow(
      "LaunchInTaggedNetwork",
      [...launch, "ec2:CreateNetworkInterface"],
      ec2(account, "subnet", "security-group"),
      existingIsTagged,
    ),
    allow(
      "LaunchFromTaggedTemplate",
      ["ec2:CreateFleet", "ec2:CreateLaunchTemplateVersion", "ec2:RunInstances"],
      ec2(account, "launch-template"),
      existingIsTagged,
    ),
    allow("CreateTaggedTemplate", ["ec2:CreateLaunchTemplate"], ec2(account, "launch-template"), newIsTagged),
    allow(
      "CreateTaggedInstances",
      ["ec2:CreateFleet", "ec2:RunInstances"],
      ec2(account, "instance", "volume"),
      newIsTagged,
    ),
    allow("LaunchWithOthers", launch, [
      ...ec2(account, "capacity-reservation", "fleet", "network-interface"),
      pulumi.interpolate`arn:${partition}:ec2:${region}::image/ami-*`,
    ]),
    allow("CreateTaggedInterface", ["ec2:CreateNetworkInterface"], ec2(account, "network-interface"), newIsTagged),
    allow(
      "TagWhatIsCreated",
      ["ec2:CreateTags"],
      ec2(account, "instance", "launch-template", "network-interface", "volume"),
      {
        StringEquals: {
          "ec2:CreateAction": ["CreateFleet", "CreateLaunchTemplate", "CreateNetworkInterface", "RunInstances"],
        },
      },
    ),
  ];
}

function managing(account: Account): aws.iam.PolicyStatement[] {
  return [
    allow(
      "EndTaggedInstances",
      [
        "ec2:DeleteLaunchTemplate",
        "ec2:DeleteNetworkInterface",
        "ec2:ModifyInstanceAttribute",
        "ec2:TerminateInstances",
      ],
      ec2(account, "instance", "launch-template", "network-interface", "volume"),
      existingIsTagged,
    ),
    allow(
      "TagTagged",
      ["ec2:CreateTags", "ec2:DeleteTags"],
      ec2(account, "instance", "launch-template", "network-interface", "volume"),
      existingIsTagged,
    ),
    allow(
      "Look",
      [
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeCapacityReservations",
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypeOfferings",
        "ec2:DescribeInstances",
        "ec2:DescribeLaunchTemplates",
        "ec2:DescribeNetworkAcls",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribePlacementGroups",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVolumeStatus",
        "ec2:DescribeVolumes",
        "ec2:DescribeVpcAttribute",
        "ec2:DescribeVpcEndpoints",
        "ec2:DescribeVpcs",
      ],
      // EC2 has no resources for these.
      ["*"],
    ),
  ];
}

/** The groups are ours, see EmrSecurityGroups; EMR adds its rules to them. */
function securityGroups(account: Account): aws.iam.PolicyStatement[] {
  return [
    allow(
      "ManageTaggedGroups",
      [
        "ec2:AuthorizeSecurityGroupEgress",
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:RevokeSecurityGroupEgress",
        "ec2:RevokeSecurityGroupIngress",
      ],
      ec2(account, "security-group"),
      existingIsTagged,
    ),
  ];
}

function roles({ id, partition }: Account, instanceRoleArn: pulumi.Input<string>): aws.iam.PolicyStatement[] {
  const spot = "spot.amazonaws.com";
  return [
    allow("GiveNodesTheirRole", ["iam:PassRole"], [instanceRoleArn], {
      StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" },
    }),
    // An account that never used spot instances lacks the role that EC2 needs for them.
    allow(
      "FirstSpotInstance",
      ["iam:CreateServiceLinkedRole"],
      [pulumi.interpolate`arn:${partition}:iam::${id}:role/aws-service-role/${spot}/AWSServiceRoleForEC2Spot`],
      { StringEquals: { "iam:AWSServiceName": spot } },
    ),
  ];
}
