import type { Flow, FlowNode, Text } from './definition.schema.ts';
import { edgesOf, isWaiting, nodeOf } from './graph.ts';

/** What a flow may say, by when: for those who check scripts. */
export interface SpokenTexts {
  /** Heard by whoever picks up, before any key is pressed. */
  opening: Text[];
  /** All that is said before the flow asks a campaign's facts, which it does once it knows the person. */
  before: Text[];
  after: Text[];
}

export function spokenTexts(flow: Flow): SpokenTexts {
  const early = reachable(flow, [
    flow.start,
    ...(flow.machine === undefined ? [] : [flow.machine]),
  ]);
  const common = [flow.texts.wrongKey, flow.texts.noInput];
  const nodes = Object.entries(flow.nodes);
  return {
    opening: openingOf(flow),
    before: [
      ...nodes.filter(([id]) => early.has(id)).flatMap(([, node]) => textsOf(node)),
      ...common,
    ],
    after: nodes.filter(([id]) => !early.has(id)).flatMap(([, node]) => textsOf(node)),
  };
}

/** Nodes that can be reached without passing one that asks for the facts. */
function reachable(flow: Flow, from: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = flow.nodes[id];
    if (seen.has(id) || node === undefined || asksFacts(node)) continue;
    seen.add(id);
    open.push(...edgesOf(flow, node).map((edge) => edge.to));
    if (isWaiting(node)) open.push(...Object.values(flow.keys).map(nodeOf));
  }
  return seen;
}

function openingOf(flow: Flow): Text[] {
  const found: Text[] = [];
  let node = flow.nodes[flow.start];
  for (let hops = 0; hops < 50 && node !== undefined; hops += 1) {
    found.push(...textsOf(node).slice(0, 1));
    if (!('next' in node) || isWaiting(node)) break;
    node = flow.nodes[node.next];
  }
  return found;
}

function asksFacts(node: FlowNode): boolean {
  return node.type === 'campaign' && node.act === 'facts';
}

function textsOf(node: FlowNode): Text[] {
  const { text, wrong, retry } = node as { text?: Text; wrong?: Text; retry?: Text };
  return [text, wrong, retry].filter((one): one is Text => one !== undefined);
}
