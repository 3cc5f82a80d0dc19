/** Pulumi's Automation API as the {@link Engine}: it drives the `pulumi` on the PATH. */
import path from "node:path";
import * as automation from "@pulumi/pulumi/automation/index.js";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import type { StackName } from "./command.ts";
import { dropTable } from "./drop-table.ts";
import type { Changes, Engine } from "./run.ts";
import { snowflakeKey } from "./snowflake-key.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** Where each stack's Pulumi.yaml lies; all share the settings files of the root. */
export const folders: Readonly<Record<StackName, string>> = {
  foundation: root,
  pipeline: path.join(root, "stacks/pipeline"),
  bi: path.join(root, "stacks/bi"),
  source: path.join(root, "stacks/source"),
};

const policyPacks = [path.join(root, "infra/policy")];

/** @throws SalesEtlError PULUMI_MISSING when there is no `pulumi` that the API can drive */
export async function automationEngine(environment: string, onOutput: (text: string) => void): Promise<Engine> {
  const pulumiCommand = await automation.PulumiCommand.get().catch((cause: unknown) => {
    throw new SalesEtlError("there is no pulumi on the PATH that can be used: https://www.pulumi.com/docs/install/", {
      code: "PULUMI_MISSING",
      cause,
    });
  });
  const stackOf = async (name: StackName) => {
    const args = { stackName: environment, workDir: folders[name] };
    const stack = await automation.LocalWorkspace.createOrSelectStack(args, { pulumiCommand });
    if (name === "source") {
      const settings = Object.entries(await stack.getAllConfig()).map(([key, { value }]) => [key, value]);
      stack.workspace.envVars = { ...stack.workspace.envVars, ...(await snowflakeKey(Object.fromEntries(settings))) };
    }
    return stack;
  };
  const shown = { onOutput, onError: onOutput, color: "auto" as const };
  const changesOf = (summary: object | undefined): Changes => ({ ...summary });

  return {
    preview: async (name) => changesOf((await (await stackOf(name)).preview({ ...shown, policyPacks })).changeSummary),
    up: async (name) => {
      const { summary } = await (await stackOf(name)).up({ ...shown, policyPacks });
      return changesOf(summary.resourceChanges);
    },
    destroy: async (name) => {
      const stack = await stackOf(name);
      const { summary } = await stack.destroy({ ...shown });
      // Not by the option `remove` of destroy: that deletes the settings file, too, which all stacks share.
      await stack.workspace.removeStack(environment, { preserveConfig: true });
      return changesOf(summary.resourceChanges);
    },
    refresh: async (name) => changesOf((await (await stackOf(name)).refresh({ ...shown })).summary.resourceChanges),
    drift: async (name) => changesOf((await (await stackOf(name)).previewRefresh({ ...shown })).changeSummary),
    dropTable: (table, outputs) => dropTable({ table, outputs }),
    outputs: async (name) =>
      Object.fromEntries(
        Object.entries(await (await stackOf(name)).outputs()).map(([key, { value, secret }]) => [
          key,
          secret ? "[secret]" : value,
        ]),
      ),
  };
}
