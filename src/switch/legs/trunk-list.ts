import { BlockList, isIP } from 'node:net';

/** Knows which trunk an address belongs to. */
export interface TrunkList {
  /** Undefined for a stranger. */
  at(address: string): string | undefined;
}

/**
 * @param trunks addresses (`192.0.2.1`) and networks (`192.0.2.0/28`, `2001:db8::/48`) by the trunk's name.
 * What is neither is left out: it could only let in somebody whom nobody meant.
 */
export function createTrunkList(
  trunks: Readonly<Record<string, { readonly from: readonly string[] }>>,
): TrunkList {
  const lists = Object.entries(trunks).map(([name, { from }]) => {
    const list = new BlockList();
    for (const network of from) add(list, network);
    return { name, list };
  });
  return {
    at(address) {
      const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, '');
      const family = isIP(plain);
      if (family === 0) return undefined;
      return lists.find(({ list }) => list.check(plain, family === 6 ? 'ipv6' : 'ipv4'))?.name;
    },
  };
}

function add(list: BlockList, network: string): void {
  const [address = '', bits] = network.split('/');
  const family = isIP(address);
  if (family === 0) return;
  const type = family === 6 ? 'ipv6' : 'ipv4';
  if (bits === undefined) list.addAddress(address, type);
  else if (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32)) {
    list.addSubnet(address, Number(bits), type);
  }
}
