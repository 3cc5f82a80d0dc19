import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Account, accountOf } from "../common/account.ts";
import type { ResourceRef } from "../common/resource-ref.ts";
import { type HostProfileArgs, hostProfile } from "./host-profile.ts";
import { tellMetrics } from "./host-statements.ts";

export interface HostRoleArgs extends Omit<HostProfileArgs, "description"> {
  readonly buckets: { readonly [bucket in "control" | "artifacts" | "logs"]: ResourceRef };
  readonly eventBus: ResourceRef;
  /** Of the raw tables. */
  readonly crawlerName: pulumi.Input<string>;
  /** The roles that EMR and its nodes take on: whoever creates a cluster hands them over. */
  readonly emr: { readonly serviceRoleArn: pulumi.Input<string>; readonly instanceRoleArn: pulumi.Input<string> };
  /** The tag `environment` of the clusters that it may handle. */
  readonly environment: string;
}

/** What the host of Airflow may do, and the instance profile that gives it that. */
export class HostRole extends pulumi.ComponentResource {
  readonly instanceProfileArn: pulumi.Output<string>;
  readonly instanceProfileName: pulumi.Output<string>;

  constructor(name: string, args: HostRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:host:HostRole", name, {}, opts);

    const profile = hostProfile(
      name,
      { ...args, description: "What the host of Airflow may do" },
      [
        ...storage(args),
        ...clusters(args, accountOf(this)),
        this.#crawl(args),
        { Sid: "TellOthers", Effect: "Allow", Action: ["events:PutEvents"], Resource: [args.eventBus.arn] },
        tellMetrics(),
      ],
      this,
    );

    this.instanceProfileArn = profile.arn;
    this.instanceProfileName = profile.name;
    this.registerOutputs({
      instanceProfileArn: this.instanceProfileArn,
      instanceProfileName: this.instanceProfileName,
    });
  }

  #crawl({ crawlerName }: HostRoleArgs): aws.iam.PolicyStatement {
    const { id, region, partition } = accountOf(this);
    const crawler = pulumi.interpolate`arn:${partition}:glue:${region}:${id}:crawler/${crawlerName}`;
    return {
      Sid: "FindNewDates",
      Effect: "Allow",
      Action: ["glue:GetCrawler", "glue:StartCrawler"],
      Resource: [crawler],
    };
  }
}

const storage = ({ buckets: { control, artifacts, logs } }: HostRoleArgs): aws.iam.PolicyStatement[] => [
  {
    Sid: "ReadTheJobFlow",
    Effect: "Allow",
    Action: ["s3:GetObject"],
    Resource: [pulumi.interpolate`${artifacts.arn}/airflow/*`],
  },
  {
    Sid: "HandOverItsKey",
    Effect: "Allow",
    Action: ["s3:PutObject"],
    Resource: [pulumi.interpolate`${control.arn}/airflow/credential.json`],
  },
  {
    Sid: "KeepTaskLogs",
    Effect: "Allow",
    Action: ["s3:GetObject", "s3:PutObject"],
    Resource: [pulumi.interpolate`${logs.arn}/airflow/*`],
  },
  {
    Sid: "FindTaskLogs",
    Effect: "Allow",
    Action: ["s3:ListBucket"],
    Resource: [logs.arn],
    Condition: { StringLike: { "s3:prefix": ["airflow/*"] } },
  },
];

/** A cluster of its own for each night: created with the tags of this environment, and no other one is touched. */
function clusters({ emr, environment }: HostRoleArgs, { id, region, partition }: Account): aws.iam.PolicyStatement[] {
  const all = pulumi.interpolate`arn:${partition}:elasticmapreduce:${region}:${id}:cluster/*`;
  const tags = (where: string) => ({
    StringEquals: {
      [`elasticmapreduce:${where}/project`]: "sales-etl",
      [`elasticmapreduce:${where}/environment`]: environment,
    },
  });
  return [
    {
      Sid: "CreateClusters",
      Effect: "Allow",
      Action: ["elasticmapreduce:AddTags", "elasticmapreduce:RunJobFlow"],
      Resource: [all],
      Condition: tags("RequestTag"),
    },
    {
      Sid: "UseOurClusters",
      Effect: "Allow",
      Action: [
        "elasticmapreduce:AddJobFlowSteps",
        "elasticmapreduce:DescribeCluster",
        "elasticmapreduce:DescribeStep",
        "elasticmapreduce:ListSteps",
        "elasticmapreduce:TerminateJobFlows",
      ],
      Resource: [all],
      Condition: tags("ResourceTag"),
    },
    {
      Sid: "GiveEmrItsRole",
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: [emr.serviceRoleArn],
      Condition: { StringEquals: { "iam:PassedToService": "elasticmapreduce.amazonaws.com" } },
    },
    {
      Sid: "GiveNodesTheirRole",
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: [emr.instanceRoleArn],
      Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
    },
  ];
}
