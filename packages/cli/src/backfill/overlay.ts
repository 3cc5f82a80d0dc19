/** A folder that reads as a warehouse and takes what is written: the warehouse itself stays as it is, byte by byte. */
import { copyFile, mkdir, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { filesOf, type Published } from "../engine/state.ts";
import { withTemporary } from "../temporary.ts";

/** Where links are not allowed the file is copied. */
async function linked(source: string, target: string): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  await symlink(source, target).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPERM") throw error;
    await copyFile(source, target);
  });
}

/**
 * Calls `use` with a copy of the published state in the temporary folder whose files are links. Files of a warehouse are
 * never written to, so what is planned there is written beside them. Removed afterwards.
 */
export async function withOverlay<Result>(
  warehouse: string,
  state: Published | null,
  use: (overlay: string) => Promise<Result>,
): Promise<Result> {
  const folder = path.resolve(warehouse);
  return withTemporary("plan", async (overlay) => {
    if (state !== null) {
      // The database is not read while a run is prepared.
      for (const name of filesOf(state)) {
        if (name !== state.database.file)
          await linked(path.join(folder, ...name.split("/")), path.join(overlay, ...name.split("/")));
      }
      await writeFile(path.join(overlay, "current.json"), JSON.stringify(state));
    }
    // Receipts of accepted gaps.
    const control = path.join(folder, "control");
    if ((await stat(control).catch(() => null)) !== null)
      await symlink(control, path.join(overlay, "control"), "junction");
    return use(overlay);
  });
}
