/** `Chrome 142 · Windows`, out of a User-Agent. Edge says it is Chrome, and Chrome that it is Safari. */
export function browserOf(userAgent: string): string {
  const browser = /(Edg|Firefox|Chrome|Version|curl|node)\/?(\d+)?/.exec(
    /Edg\//.test(userAgent) ? userAgent.slice(userAgent.indexOf('Edg/')) : userAgent,
  );
  const names: Readonly<Record<string, string>> = { Edg: 'Edge', Version: 'Safari', node: 'Node' };
  const system = /(Windows|Mac OS X|Android|iPhone|Linux)/.exec(userAgent)?.[1] ?? '';
  const name = names[browser?.[1] ?? ''] ?? browser?.[1] ?? userAgent.slice(0, 24);
  return [`${name} ${browser?.[2] ?? ''}`.trim(), system.replace('Mac OS X', 'macOS')]
    .filter((one) => one !== '')
    .join(' · ');
}
