import { expect } from "chai";
import { killDrill } from "./support/kill-drill.ts";

describe("a warehouse whose writer is killed at random moments", () => {
  // `npm run drill:kill` does it two hundred times.
  it("shows readers the state before or after, and is whole after the next run", async function () {
    this.timeout("600s");
    const { faults, reads, published } = await killDrill(20, 1);
    expect(faults).to.deep.equal([]);
    expect(reads).to.be.greaterThan(20);
    // Moments on both sides of the publish were hit: else nothing was tried.
    expect(published).to.be.within(1, 19);
  });
});
