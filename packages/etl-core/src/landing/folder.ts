/** A landing in a folder of this machine. */
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { SalesEtlError } from "../errors.ts";
import type { Landing, LandingObject } from "./landing.ts";

const absent = (error: unknown) => {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
};

/** @param folder the folder that holds `sales/`, `_manifest/` ... */
export function folderLanding(folder: string): Landing {
  const root = path.resolve(folder);
  return {
    uri: root,

    async list(prefix) {
      // The prefix may end inside a name, as in a bucket: list its folder and filter.
      const base = prefix.slice(0, prefix.lastIndexOf("/") + 1);
      const entries = await readdir(path.join(root, base), { recursive: true, withFileTypes: true }).catch((error) => {
        if (absent(error)) return [];
        throw error;
      });
      const objects: LandingObject[] = [];
      for (const entry of entries) {
        const file = path.join(entry.parentPath, entry.name);
        const key = path.relative(root, file).split(path.sep).join("/");
        if (!key.startsWith(prefix) || !(entry.isFile() || entry.isSymbolicLink())) continue;
        const facts = await stat(file);
        if (facts.isFile()) objects.push({ key, bytes: facts.size });
      }
      return objects.sort((a, b) => (a.key < b.key ? -1 : 1));
    },

    async open(key): Promise<Readable> {
      const file = path.join(root, ...key.split("/"));
      const stream = createReadStream(file);
      return new Promise((resolve, reject) => {
        stream.once("open", () => resolve(stream));
        stream.once("error", (error) =>
          reject(
            absent(error)
              ? new SalesEtlError(`there is no ${key} in ${root}`, {
                  code: "LANDING_OBJECT_NOT_FOUND",
                  path: key,
                  cause: error,
                })
              : error,
          ),
        );
      });
    },
  };
}
