import type * as pulumi from "@pulumi/pulumi";

/** Something of AWS that another component or stack made. */
export interface ResourceRef {
  readonly name: pulumi.Input<string>;
  readonly arn: pulumi.Input<string>;
}
