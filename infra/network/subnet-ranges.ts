import { SalesEtlError } from "@sales-etl/etl-core/errors";

/** The ranges of the subnets, one a zone. */
export interface SubnetRanges {
  readonly public: readonly [string, string];
  readonly private: readonly [string, string];
}

/** The largest and the smallest network that fits: AWS takes no /15, and a cluster needs some addresses. */
const [largest, smallest] = [16, 22];

/**
 * Four equal parts of a range: public subnets in both zones, then private ones.
 *
 * @param range CIDR of a private network (RFC 1918), e.g. `10.20.0.0/16`
 * @throws SalesEtlError NETWORK_RANGE_INVALID
 */
export function subnetRanges(range: string): SubnetRanges {
  const invalid = (message: string) =>
    new SalesEtlError(`${range} ${message}; a network takes a private range such as 10.20.0.0/16`, {
      code: "NETWORK_RANGE_INVALID",
      path: "networkRange",
    });
  const [, address = "", bits = ""] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(range) ?? [];
  const bytes = address.split(".").map(Number);
  if (bytes.length !== 4 || bytes.some((byte) => byte > 255)) throw invalid("is no range of addresses");
  const prefix = Number(bits);
  if (prefix < largest || prefix > smallest) throw invalid(`is no /${largest} to /${smallest}`);
  const start = bytes.reduce((number, byte) => number * 256 + byte, 0);
  const size = 2 ** (32 - prefix);
  if (start % size !== 0) throw invalid(`does not begin at a multiple of its ${size} addresses`);
  if (!isPrivate(bytes)) throw invalid("belongs to others on the internet");
  const part = (index: number) => `${text(start + (index * size) / 4)}/${prefix + 2}`;
  return { public: [part(0), part(1)], private: [part(2), part(3)] };
}

const text = (number: number) => [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");

const isPrivate = ([first = 0, second = 0]: readonly number[]) =>
  first === 10 || (first === 172 && second >= 16 && second < 32) || (first === 192 && second === 168);
