/** What every resource must keep to; each policy says what to do instead. Plain functions: the pack's tests call them. */
import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import { allowedToAll, statementsIn } from "./statements.ts";

type Report = (message: string) => void;
type Check = (args: ResourceValidationArgs, report: Report) => void;

const policy = (name: string, description: string, check: Check): ResourceValidationPolicy => ({
  name,
  description,
  validateResource: (args, report) => check(args, report),
});

// biome-ignore lint/suspicious/noExplicitAny: properties of any resource
type Properties = any;

/** By type: whether it is encrypted with a key of ours. */
const encrypted: Readonly<Record<string, (properties: Properties) => boolean>> = {
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ({ rules = [] }) =>
    rules.length > 0 &&
    rules.every(
      ({ applyServerSideEncryptionByDefault: by }: Properties) =>
        by?.sseAlgorithm === "aws:kms" && hasKey(by.kmsMasterKeyId),
    ),
  "aws:sqs/queue:Queue": ({ kmsMasterKeyId }) => hasKey(kmsMasterKeyId),
  "aws:sns/topic:Topic": ({ kmsMasterKeyId }) => hasKey(kmsMasterKeyId),
  "aws:cloudwatch/logGroup:LogGroup": ({ kmsKeyId }) => hasKey(kmsKeyId),
  "aws:lambda/function:Function": ({ kmsKeyArn }) => hasKey(kmsKeyArn),
  "aws:ecr/repository:Repository": ({ encryptionConfigurations: [by] = [] }) =>
    by?.encryptionType === "KMS" && hasKey(by.kmsKey),
  "aws:ec2/instance:Instance": ({ rootBlockDevice: by }) => by?.encrypted === true && hasKey(by.kmsKeyId),
  "aws:secretsmanager/secret:Secret": ({ kmsKeyId }) => hasKey(kmsKeyId),
  "aws:ebs/volume:Volume": ({ encrypted: is, kmsKeyId }) => is === true && hasKey(kmsKeyId),
  "aws:athena/workgroup:Workgroup": ({ configuration }) =>
    configuration?.enforceWorkgroupConfiguration === true &&
    configuration.resultConfiguration?.encryptionConfiguration?.encryptionOption === "SSE_KMS",
};

/** Unknown in a preview is a key that is still to be made. */
const hasKey = (key: unknown) =>
  key !== undefined && key !== null && key !== "" && !String(key).startsWith("alias/aws/");

const anywhere = (range: unknown) => range === "0.0.0.0/0" || range === "::/0";

const inbound: Readonly<Record<string, (properties: Properties) => boolean>> = {
  "aws:ec2/securityGroup:SecurityGroup": ({ ingress = [] }) => ingress.length > 0,
  "aws:ec2/securityGroupRule:SecurityGroupRule": ({ type, sourceSecurityGroupId, self }) =>
    type === "ingress" && sourceSecurityGroupId === undefined && self !== true,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ({ referencedSecurityGroupId, cidrIpv4, cidrIpv6 }) =>
    referencedSecurityGroupId === undefined || anywhere(cidrIpv4) || anywhere(cidrIpv6),
};

/** What must survive: data, and what it cannot be read without. */
const durable = /^aws:(s3\/bucket:Bucket|kms\/key:Key|glue\/catalogDatabase:CatalogDatabase)$|:IcebergTable$/;

/** What costs by the hour while nothing happens, and what does the same here. */
const idleCost: Readonly<Record<string, string>> = {
  "aws:mwaa/environment:Environment": "Airflow runs on a host that is off by day",
  "aws:rds/instance:Instance": "Airflow's database is on its host",
  "aws:rds/cluster:Cluster": "Airflow's database is on its host",
  "aws:redshift/cluster:Cluster": "Athena reads the tables",
  "aws:emr/cluster:Cluster": "the DAG creates a cluster for each run and ends it",
  "aws:msk/cluster:Cluster": "events go over EventBridge",
  "aws:ec2/natGateway:NatGateway":
    "public subnets need none, see network: public; where it is meant, tag it idle-cost: accepted",
  "aws:lb/loadBalancer:LoadBalancer": "people use Session Manager; where it is meant, tag it idle-cost: accepted",
};

export const policies: readonly ResourceValidationPolicy[] = [
  policy("encryption", "All that stores something is encrypted with a key of ours", ({ type, props }, report) => {
    if (encrypted[type]?.(props) === false)
      report("is not encrypted with a key of ours: give it the environment's key");
  }),
  policy("public-access", "Nothing in S3 is public", ({ type, props }, report) => {
    if (type === "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock") {
      const all = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];
      const open = all.filter((name) => props[name] !== true);
      if (open.length > 0) report(`leaves ${open.join(", ")} open: set all four`);
    }
    if (/^aws:s3\/bucket(Acl)?(V2)?:/.test(type) && /public|authenticated/.test(String(props.acl))) {
      report(`has the public ACL ${props.acl}: leave it out`);
    }
  }),
  policy(
    "iam-wildcards",
    "Roles name what they may do, and nobody is trusted who is not named",
    ({ props }, report) => {
      for (const { sid, problem } of statementsIn(props)) report(`the statement ${sid} ${problem}`);
    },
  ),
  policy("iam-administrators", "No role may do everything", ({ type, props }, report) => {
    if (type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment" && allowedToAll(props.policyArn)) {
      report(`attaches ${props.policyArn}: write a policy that names actions`);
    }
  }),
  policy("imdsv2", "Instances give their role to requests with a token only", ({ type, props }, report) => {
    if (/^aws:ec2\/(instance|launchTemplate):/.test(type) && props.metadataOptions?.httpTokens !== "required") {
      report('takes requests without a token: set metadataOptions.httpTokens to "required"');
    }
  }),
  policy("log-retention", "Logs end", ({ type, props }, report) => {
    const days = props.retentionInDays ?? 0;
    if (type === "aws:cloudwatch/logGroup:LogGroup" && days === 0)
      report("keeps its logs for ever: set retentionInDays");
  }),
  policy("tags", "Everything says whose it is", ({ type, props }, report) => {
    if (type !== "pulumi:providers:aws") return;
    const given = typeof props.defaultTags === "string" ? JSON.parse(props.defaultTags) : props.defaultTags;
    const missing = ["project", "environment"].filter((name) => !given?.tags?.[name]);
    if (missing.length > 0) report(`does not tag with ${missing.join(" and ")}: make resources with awsProvider()`);
  }),
  policy("inbound", "Nobody calls in from outside", ({ type, props }, report) => {
    if (inbound[type]?.(props) === true)
      report("lets addresses in: name a security group instead, or use Session Manager");
  }),
  policy("tls", "People are talked to over TLS, of a version that nobody has broken", ({ type, props }, report) => {
    if (!/^aws:(lb|alb)\/listener:/.test(type)) return;
    if (props.protocol !== "HTTPS") report("takes requests without TLS: set protocol to HTTPS, with a certificate");
    else if (!/-TLS13-1-[23]-/.test(String(props.sslPolicy)))
      report("takes TLS below 1.2: name a policy such as ELBSecurityPolicy-TLS13-1-2-2021-06");
  }),
  policy("no-secrets-in-state", "Secrets have their values from whoever uses them", ({ type, props }, report) => {
    if (type === "aws:secretsmanager/secretVersion:SecretVersion") {
      report("keeps the value of a secret in the state: put it into Secrets Manager by hand, or let the host make it");
    }
    if (
      type === "pulumi:providers:snowflake" &&
      ["password", "privateKey", "token"].some((name) => props[name] != null)
    ) {
      report("keeps a key of Snowflake in the state: leave it to the variable SNOWFLAKE_PRIVATE_KEY");
    }
  }),
  policy("protect-in-prod", "In prod, data is protected from deletion", ({ type, urn, opts }, report) => {
    const isProd = urn.startsWith("urn:pulumi:prod::");
    if (isProd && durable.test(type) && !opts.protect) report("can be deleted with its stack: set protect");
  }),
  policy("idle-cost", "What is idle costs nothing", ({ type, props }, report) => {
    const instead = idleCost[type];
    const isMeant = props.tags?.["idle-cost"] === "accepted";
    if (instead !== undefined && !isMeant) report(`costs by the hour while it is idle: ${instead}`);
    if (type === "aws:ec2/vpcEndpoint:VpcEndpoint" && (props.vpcEndpointType ?? "Gateway") !== "Gateway") {
      report("costs by the hour: of endpoints only those of type Gateway are free");
    }
  }),
];
