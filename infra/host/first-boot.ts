/** The script that a host runs at its first boot: installs Docker, writes files, and starts the unit `sales-etl`. */
import { readFileSync } from "node:fs";
import path from "node:path";

/** What every host has: the unit, and what all scripts of a boot do. */
const shared = (name: string) => readFileSync(path.join(import.meta.dirname, name), "utf8");

/**
 * `files` are lines of {@link file}: the host's settings, and /opt/sales-etl/boot.sh, which runs at every boot; `units` are
 * among them and start with the host.
 */
export const firstBoot = (files: readonly string[], units: readonly string[] = []): string =>
  [
    "#!/bin/bash",
    "set -euo pipefail",
    "dnf install --assumeyes docker",
    "install --directory --mode 700 /etc/sales-etl /opt/sales-etl",
    ...files,
    ...file("/opt/sales-etl/common.sh", shared("common.sh")),
    ...file("/etc/systemd/system/sales-etl.service", shared("sales-etl.service")),
    "systemctl daemon-reload",
    "systemctl enable --now docker.service",
    // Before the long one: it watches that, too.
    ...units.map((unit) => `systemctl enable --now ${unit}`),
    "systemctl enable --now sales-etl.service",
    "",
  ].join("\n");

/** The text of an environment file. */
export const variables = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");

/** Lines that write a file. Quoted, so that the shell leaves the text alone. */
export const file = (target: string, text: string): string[] => [
  `cat >${target} <<'END_OF_FILE'`,
  text.trimEnd(),
  "END_OF_FILE",
];
