export { artifacts, contractVersion, sparkContract } from "./artifacts.ts";
