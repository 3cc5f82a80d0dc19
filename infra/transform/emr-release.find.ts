/** A release of EMR as AWS describes it. Runs as text in Pulumi's own process: see emr-release.provider.ts. */

export interface FoundRelease {
  /** Versions by name. */
  readonly applications: Readonly<Record<string, string>>;
  readonly instanceTypes: readonly string[];
}

/** @returns null when there is no such release in the region */
export async function findRelease(wanted: { region: string; release: string }): Promise<FoundRelease | null> {
  const { DescribeReleaseLabelCommand, EMRClient, ListSupportedInstanceTypesCommand } = await import(
    "@aws-sdk/client-emr"
  );
  const client = new EMRClient({ region: wanted.region });
  const described = await client
    .send(new DescribeReleaseLabelCommand({ ReleaseLabel: wanted.release }))
    .catch((error: Error) => {
      if (error.name === "InvalidRequestException") return null;
      throw error;
    });
  if (described === null) return null;
  const applications: Record<string, string> = {};
  for (const { Name = "", Version = "" } of described.Applications ?? []) applications[Name] = Version;
  const instanceTypes: string[] = [];
  for (let marker: string | undefined; ; ) {
    const page = await client.send(
      new ListSupportedInstanceTypesCommand({ ReleaseLabel: wanted.release, Marker: marker }),
    );
    for (const { Type = "" } of page.SupportedInstanceTypes ?? []) instanceTypes.push(Type);
    marker = page.Marker;
    if (marker === undefined) return { applications, instanceTypes };
  }
}

/** What keeps the release from running the Spark job, and what to do. */
export function releaseProblems(
  wanted: { region: string; release: string; instanceTypes: readonly string[] },
  found: FoundRelease | null,
): { property: string; reason: string }[] {
  const { region, release } = wanted;
  if (found === null) {
    return [{ property: "release", reason: `${release} does not exist in ${region}: choose another emr.release` }];
  }
  const problems: { property: string; reason: string }[] = [];
  // Spark 3.5 and Iceberg 1.4 have what the job's SQL and its branches of tables need.
  for (const [name, major, minor] of [
    ["Spark", 3, 5],
    ["Iceberg", 1, 4],
  ] as const) {
    const version = found.applications[name];
    const [foundMajor = 0, foundMinor = 0] = (version ?? "").split(".").map((part) => Number.parseInt(part, 10));
    if (foundMajor > major || (foundMajor === major && foundMinor >= minor)) continue;
    const has = version === undefined ? `has no ${name}` : `has ${name} ${version}`;
    problems.push({ property: "release", reason: `${release} ${has}; the job needs ${major}.${minor} or newer` });
  }
  for (const type of wanted.instanceTypes) {
    if (found.instanceTypes.includes(type)) continue;
    problems.push({ property: "instanceTypes", reason: `${release} does not run on ${type} in ${region}` });
  }
  return problems;
}
