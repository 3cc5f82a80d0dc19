import { type Dataset, withSourceSettings } from "@sales-etl/etl-core/contract";
import { sparkContract } from "@sales-etl/etl-core/generate";
import { retail } from "@sales-etl/etl-core/retail";
import type { Settings } from "./settings.schema.ts";

/** The data set as this deployment's source delivers it: the same for who exports, for the gate and for the cluster. */
export const deployedDataset = ({ gate }: Pick<Settings, "gate">): Dataset => withSourceSettings(retail, gate);

/** The contract of it as the Spark job reads it: JSON. */
export const deployedContract = (settings: Pick<Settings, "gate">): string =>
  `${JSON.stringify(sparkContract(deployedDataset(settings)), null, 2)}\n`;
