/** The nodes of a menu in the order in which a caller may meet them. Pure. */
export interface FlowNode {
  type: string;
  text?: { 'zh-CN': string; en: string };
  keys?: Record<string, string | { to: string }>;
  next?: string;
}

/** Breadth first from the start; what nothing leads to comes last. */
export function inReadingOrder(
  start: string,
  nodes: Readonly<Record<string, FlowNode>>,
): [string, FlowNode][] {
  const met = new Set<string>();
  const queue = [start, ...Object.keys(nodes)];
  for (let at = 0; at < queue.length && met.size < Object.keys(nodes).length; at += 1) {
    walk(queue[at] ?? '');
  }
  return [...met].flatMap((id) => {
    const node = nodes[id];
    return node === undefined ? [] : [[id, node] as [string, FlowNode]];
  });

  function walk(from: string): void {
    const todo = [from];
    for (let at = 0; at < todo.length; at += 1) {
      const id = todo[at] ?? '';
      const node = nodes[id];
      if (node === undefined || met.has(id)) continue;
      met.add(id);
      todo.push(...targetsOf(node));
    }
  }
}

function targetsOf(node: FlowNode): string[] {
  const texts = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(texts)
        : [];
  const { text: _text, type: _type, ...rest } = node;
  return texts(rest);
}
