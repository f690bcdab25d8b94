import type { DirectoryUser } from '../sip/index.ts';

/** Where the service answers; see docs/protocol/directory.md. */
export interface XmlCurlOptions {
  url: string;
  /** `user:password` of HTTP Basic. */
  credentials: string | undefined;
  domain: string;
}

/** A phone repeats REGISTER for 32 seconds; an answer after five is better than none. */
const timeoutMs = 5000;

/** Asks as mod_xml_curl does; undefined when there is no such user. Rejects when nobody answers well. */
export async function askForUser(
  { url, credentials, domain }: XmlCurlOptions,
  username: string,
): Promise<DirectoryUser | undefined> {
  const reply = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(credentials === undefined
        ? {}
        : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
    },
    body: new URLSearchParams({
      section: 'directory',
      tag_name: 'domain',
      key_name: 'name',
      key_value: domain,
      action: 'sip_auth',
      user: username,
      domain,
    }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!reply.ok) throw new Error(`the directory answered ${reply.status}`);
  return readUser(await reply.text(), username);
}

/** The user of a `directory` document; undefined when it has none of that name. */
export function readUser(xml: string, username: string): DirectoryUser | undefined {
  if (!/<document\b/.test(xml)) throw new Error('the directory answered no document');
  for (const text of xml.split(/<user\b/).slice(1)) {
    const open = text.indexOf('>');
    const close = text.indexOf('</user>');
    if (open < 0 || close < open) continue;
    const [head, inner] = [text.slice(0, open), text.slice(open + 1, close)];
    if (attributesOf(head).get('id') !== username) continue;
    const params = valuesOf(inner, 'param');
    const ha1 = params.get('a1-hash')?.toLowerCase() ?? '';
    if (!/^[0-9a-f]{32}$/.test(ha1)) return undefined;
    const sha256 = params.get('a1-hash-sha256')?.toLowerCase() ?? '';
    const ha1Sha256 = /^[0-9a-f]{64}$/.test(sha256) ? { ha1Sha256: sha256 } : {};
    const variables = Object.fromEntries(valuesOf(inner, 'variable'));
    return { username, ha1, ...ha1Sha256, variables };
  }
  return undefined;
}

const elements = { param: /<param\b([^<>]*)>/g, variable: /<variable\b([^<>]*)>/g } as const;

/** Names and values of `<param name="…" value="…"/>` and the like. */
function valuesOf(xml: string, element: 'param' | 'variable'): Map<string, string> {
  return new Map(
    [...xml.matchAll(elements[element])].map(([, text = '']) => {
      const attributes = attributesOf(text);
      return [attributes.get('name') ?? '', attributes.get('value') ?? ''];
    }),
  );
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

function attributesOf(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/\s([\w-]{1,64})\s{0,8}=\s{0,8}(?:"([^"]*)"|'([^']*)')/g)].map(
      ([, name, one, other]) => [
        name ?? '',
        (one ?? other ?? '').replaceAll(/&(\w+);/g, (all, key: string) => entities[key] ?? all),
      ],
    ),
  );
}
