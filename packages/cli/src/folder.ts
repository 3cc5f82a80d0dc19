/** Makes the folders that people name; and what is said of a file that may not be there. */
import { mkdir, stat } from "node:fs/promises";
import path from "node:path";

async function make(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const isFolder = (await stat(folder).catch(() => null))?.isDirectory() === true;
    if (!isFolder) throw error;
  }
}

/**
 * A folder with all above it, one level at a time: Node's own `recursive` never ends where a file system says that there is
 * no such folder while the one above it exists, as Linux's /proc does.
 * @throws the file system's error, for the first one that cannot be made
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await make(folder);
  } catch (error) {
    const above = path.dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || above === folder) throw error;
    await makeFolder(above);
    await make(folder);
  }
}

/** To catch with: what is gone is null, any other error stays one. */
export function nullWhereGone(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}
