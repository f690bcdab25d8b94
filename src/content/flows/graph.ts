import type { Flow, FlowNode, Target } from './definition.schema.ts';

/** A way out of a node, with the path in the definition that names it. */
export interface Edge {
  path: string;
  to: string;
  /** Only after the caller pressed a key or spoke, or after missed inputs, which are limited. */
  isByCaller: boolean;
}

/** The node that a target names. */
export function nodeOf(target: Target): string {
  return typeof target === 'string' ? target : target.to;
}

/** Where a node's failures lead: its own branch, or the flow's. */
export function failureOf(flow: Pick<Flow, 'failure'>, node: FlowNode): string | undefined {
  return node.failure ?? flow.failure;
}

/** Every way out of a node, its failure branch included; keys of the flow are not. */
export function edgesOf(flow: Pick<Flow, 'failure'>, node: FlowNode): Edge[] {
  const edges = ownEdges(node);
  const failure = canFail(node) ? failureOf(flow, node) : undefined;
  if (failure === undefined) return edges;
  return [...edges, { path: 'failure', to: failure, isByCaller: isWaiting(node) }];
}

/** Whether the node waits for the caller, so that going round through it is no endless loop. */
export function isWaiting(node: FlowNode): boolean {
  return ['menu', 'read', 'choose', 'collect', 'pin', 'record', 'survey'].includes(node.type);
}

/** Whether something can go wrong at the node that needs a branch. */
export function canFail(node: FlowNode): boolean {
  return isWaiting(node) || ['lookup', 'campaign', 'order', 'transfer'].includes(node.type);
}

function ownEdges(node: FlowNode): Edge[] {
  switch (node.type) {
    case 'say':
    case 'set':
    case 'language':
    case 'order':
      return [{ path: 'next', to: node.next, isByCaller: false }];
    case 'menu':
      return [
        ...keyEdges(node.keys),
        ...(node.silent === undefined
          ? []
          : [{ path: 'silent', to: node.silent, isByCaller: true }]),
      ];
    case 'read':
      return [
        ...keyEdges(node.keys),
        ...(node.gone === undefined ? [] : [{ path: 'gone', to: node.gone, isByCaller: false }]),
      ];
    case 'choose':
    case 'collect':
    case 'survey':
      return [{ path: 'next', to: node.next, isByCaller: true }];
    case 'pin':
      return (['ok', 'locked', 'unset'] as const).map((path) => ({
        path,
        to: node[path],
        isByCaller: path !== 'unset',
      }));
    case 'lookup':
    case 'campaign':
      return casesEdges('on', node.on);
    case 'branch':
      return [
        ...casesEdges('cases', node.cases),
        { path: 'otherwise', to: node.otherwise, isByCaller: false },
      ];
    case 'record':
      return [
        { path: 'next', to: node.next, isByCaller: true },
        ...(node.empty === undefined ? [] : [{ path: 'empty', to: node.empty, isByCaller: true }]),
      ];
    case 'transfer':
      return node.talked === undefined
        ? []
        : [{ path: 'talked', to: node.talked, isByCaller: true }];
    case 'hangup':
      return [];
  }
}

function keyEdges(keys: Readonly<Record<string, Target>>): Edge[] {
  return Object.entries(keys).map(([key, target]) => ({
    path: `keys.${key}`,
    to: nodeOf(target),
    isByCaller: true,
  }));
}

function casesEdges(path: string, cases: Readonly<Record<string, string>>): Edge[] {
  return Object.entries(cases).map(([name, to]) => ({
    path: `${path}.${name}`,
    to,
    isByCaller: false,
  }));
}
