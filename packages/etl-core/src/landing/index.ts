export {
  type BusinessDate,
  type Landing,
  type LandingObject,
  manifestKey,
  manifestPrefix,
  reportKey,
  tablePrefix,
} from "./landing.ts";
export { type Manifest, type ManifestFile, parseManifest, readManifest } from "./manifest.ts";
export { addDays, businessDates, daysBetween, isBusinessDate, isFileOf, whyNotFileOf } from "./names.ts";
