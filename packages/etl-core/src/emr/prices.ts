/** What a cluster costs by the hour, as decimal text: no price passes through a float. */
export interface EmrPrices {
  /** When the prices were written down, `YYYY-MM-DD`. */
  readonly date: string;
  readonly region: string;
  readonly currency: "USD";
  /** The pages to check them against. */
  readonly source: readonly string[];
  /** On demand, an instance and hour. */
  readonly instances: Readonly<Record<string, string>>;
  /** EMR's own price as a share of the on-demand price; spot instances pay it, too. */
  readonly emrShare: string;
  /** What a spot instance costs as a share of the on-demand price; it moves with the market. */
  readonly spotShare: string;
  /** A public IPv4 address, an hour. */
  readonly publicAddress: string;
}

/** List prices, written down by hand. Frankfurt is 10 to 20 % above. Check them before you rely on a sum. */
export const emrPrices = {
  date: "2026-02-01",
  region: "us-east-1",
  currency: "USD",
  source: [
    "https://aws.amazon.com/ec2/pricing/on-demand/",
    "https://aws.amazon.com/emr/pricing/",
    "https://aws.amazon.com/vpc/pricing/",
  ],
  instances: {
    "m6g.xlarge": "0.154",
    "m7g.large": "0.0816",
    "m7g.xlarge": "0.1632",
    "m7g.2xlarge": "0.3264",
    "r6g.xlarge": "0.2016",
    "r7g.xlarge": "0.2142",
  },
  emrShare: "0.25",
  spotShare: "0.4",
  publicAddress: "0.005",
} as const satisfies EmrPrices;
