import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "../common/account.ts";
import { policyDocument, trustPolicy, useKey } from "../common/policy.ts";

/** All keys of a bucket that begin with `prefix`; an empty one is the whole of it. */
export interface Folder {
  readonly bucketArn: pulumi.Input<string>;
  readonly prefix: string;
}

export interface EmrInstanceRoleArgs {
  /** Read. */
  readonly landing: Folder;
  /** Read: the Spark program. */
  readonly program: Folder;
  /** Read and written: the tables' files. */
  readonly warehouse: Folder;
  /** Read and written: the rejected rows. */
  readonly quarantine: Folder;
  /** Read and written: the writer's lease, intents and receipts. */
  readonly control: Folder;
  /** Written: the cluster's logs. */
  readonly logs: Folder;
  /** The Glue database of the tables. */
  readonly databaseName: pulumi.Input<string>;
  readonly kmsKeyArn: pulumi.Input<string>;
}

/** What Spark may do: the role of a cluster's nodes, and the instance profile that gives it to them. */
export class EmrInstanceRole extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;
  readonly instanceProfileArn: pulumi.Output<string>;

  constructor(name: string, args: EmrInstanceRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:transform:EmrInstanceRole", name, {}, opts);

    const role = new aws.iam.Role(
      `${name}-role`,
      { description: "What Spark may do", assumeRolePolicy: trustPolicy("ec2.amazonaws.com") },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        role: role.id,
        policy: policyDocument(
          ...storage(args),
          this.#catalog(args.databaseName),
          useKey(args.kmsKeyArn),
          diskKey(args.kmsKeyArn),
        ),
      },
      { parent: this },
    );
    // A cluster that starts between the two would find a role that may do nothing.
    const profile = new aws.iam.InstanceProfile(
      `${name}-profile`,
      { role: role.name },
      { parent: this, dependsOn: policy },
    );

    this.roleArn = role.arn;
    this.instanceProfileArn = profile.arn;
    this.registerOutputs({ roleArn: this.roleArn, instanceProfileArn: this.instanceProfileArn });
  }

  /** Iceberg's commit is one UpdateTable that Glue refuses when somebody was faster. */
  #catalog(databaseName: pulumi.Input<string>): aws.iam.PolicyStatement {
    const { id, region, partition } = accountOf(this);
    const glue = pulumi.interpolate`arn:${partition}:glue:${region}:${id}`;
    return {
      Sid: "Tables",
      Effect: "Allow",
      Action: ["glue:CreateTable", "glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:UpdateTable"],
      Resource: [
        pulumi.interpolate`${glue}:catalog`,
        pulumi.interpolate`${glue}:database/${databaseName}`,
        pulumi.interpolate`${glue}:table/${databaseName}/*`,
      ],
    };
  }
}

function storage({
  landing,
  program,
  warehouse,
  quarantine,
  control,
  logs,
}: EmrInstanceRoleArgs): aws.iam.PolicyStatement[] {
  const objects = ({ bucketArn, prefix }: Folder) => pulumi.interpolate`${bucketArn}/${prefix}*`;
  return [
    {
      Sid: "ListBuckets",
      Effect: "Allow",
      Action: ["s3:GetBucketLocation", "s3:ListBucket"],
      Resource: [landing, program, warehouse, quarantine, control, logs].map(({ bucketArn }) => bucketArn),
    },
    {
      Sid: "ReadLandingAndProgram",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: [objects(landing), objects(program)],
    },
    {
      Sid: "ReadAndWriteTables",
      Effect: "Allow",
      Action: ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
      Resource: [objects(warehouse), objects(quarantine)],
    },
    {
      // Nothing of it is ever removed: a lease that is over says so.
      Sid: "KeepLeaseAndReceipts",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject"],
      Resource: [objects(control)],
    },
    {
      Sid: "ReadAcceptedGaps",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: [pulumi.interpolate`${control.bucketArn}/dt=*/gap-*.json`],
    },
    { Sid: "WriteLogs", Effect: "Allow", Action: ["s3:PutObject"], Resource: [objects(logs)] },
  ];
}

/** https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-encryption-enable.html */
const diskKey = (keyArn: pulumi.Input<string>): aws.iam.PolicyStatement => ({
  Sid: "OpenDisks",
  Effect: "Allow",
  Action: ["kms:DescribeKey", "kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
  Resource: [keyArn],
});
