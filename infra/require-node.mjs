// Loaded before a stack's program (`nodeargs` in its Pulumi.yaml), in plain JavaScript: an older Node could not even
// read the TypeScript that would tell its user why.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `sales-etl needs Node 22.18 or newer to deploy: it runs TypeScript as it is. This is Node ${process.versions.node}. ` +
      "Pulumi takes the first node on your PATH.",
  );
  process.exit(1);
}
