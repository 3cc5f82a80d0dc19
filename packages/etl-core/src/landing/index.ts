export {
  type BusinessDate,
  type Landing,
  type LandingObject,
  manifestKey,
  manifestPrefix,
  reportKey,
  tablePrefix,
} from "./landing.ts";
export { type Manifest, type ManifestFile, parseManifest } from "./manifest.ts";
export { addDays, businessDates, isBusinessDate, isFileOf, whyNotFileOf } from "./names.ts";
