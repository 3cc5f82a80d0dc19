export { artifacts } from "./artifacts.ts";
export { sparkContract } from "./spark.ts";
export { contractVersion } from "./version.ts";
