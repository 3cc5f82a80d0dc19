// The policy pack: `pulumi up --policy-pack infra/policy`. In JavaScript, as Pulumi's runner would hand a TypeScript file
// to a compiler of its own; what is imported from here is read by Node itself.
import { PolicyPack } from "@pulumi/policy";
import { policies } from "./policies.ts";

new PolicyPack("sales-etl", { policies: [...policies], enforcementLevel: "mandatory" });
