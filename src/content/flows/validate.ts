import { Value } from 'typebox/value';
import { AppError } from '../../core/errors.ts';
import { headSchema, nodeSchemas, type Flow, type FlowNode } from './definition.schema.ts';
import { canFail, edgesOf, failureOf } from './graph.ts';

export class FlowError extends AppError {
  constructor(problems: readonly string[]) {
    super({
      code: 'flow.invalid',
      status: 422,
      message: `The flow has ${problems.length} faults; the first: ${problems[0] ?? ''}`,
      details: { problems },
    });
  }
}

/** Checks a definition from anywhere. Throws `FlowError` with every fault and its path. */
export function validateFlow(value: unknown): Flow {
  if (!Value.Check(headSchema, value)) {
    throw new FlowError(
      Value.Errors(headSchema, value).map((one) => `${one.instancePath} ${one.message}`),
    );
  }
  const problems = Object.entries(value.nodes).flatMap(([id, node]) => shapeFaults(id, node));
  if (problems.length > 0) throw new FlowError(problems);
  const flow = value as Flow;
  const faults = [...edgeFaults(flow), ...textFaults(flow), ...unreachable(flow)];
  if (faults.length > 0) throw new FlowError(faults);
  return flow;
}

function shapeFaults(id: string, node: unknown): string[] {
  const type = (node as { type?: unknown } | null)?.type;
  if (typeof type !== 'string' || !Object.hasOwn(nodeSchemas, type)) {
    return [`nodes.${id}.type must be one of ${Object.keys(nodeSchemas).join(', ')}`];
  }
  const schema = nodeSchemas[type as keyof typeof nodeSchemas];
  return Value.Errors(schema, node).map(
    (one) => `nodes.${id}${one.instancePath.replaceAll('/', '.')} ${one.message}`,
  );
}

function edgeFaults(flow: Flow): string[] {
  const faults: string[] = [];
  const check = (path: string, to: string) => {
    if (!Object.hasOwn(flow.nodes, to)) {
      faults.push(`${path} leads to "${to}", which does not exist`);
    }
  };
  check('start', flow.start);
  check('farewell', flow.farewell);
  if (flow.machine !== undefined) check('machine', flow.machine);
  if (flow.nodes[flow.farewell]?.type !== 'hangup') faults.push('farewell must be a hangup node');
  for (const [key, to] of Object.entries(flow.keys)) check(`keys.${key}`, to);
  for (const [id, node] of Object.entries(flow.nodes)) {
    for (const edge of edgesOf(flow, node)) check(`nodes.${id}.${edge.path}`, edge.to);
    if (canFail(node) && failureOf(flow, node) === undefined) {
      faults.push(`nodes.${id}.failure is missing, and the flow has none`);
    }
  }
  return faults;
}

/** Every spoken text has every language of the flow. */
function textFaults(flow: Flow): string[] {
  return Object.entries(flow.nodes).flatMap(([id, node]) =>
    (['text', 'wrong', 'retry'] as const).flatMap((field) => {
      const text = (node as Partial<Record<typeof field, Record<string, string>>>)[field];
      if (text === undefined) return [];
      return flow.languages
        .filter((language) => text[language] === undefined)
        .map((language) => `nodes.${id}.${field} has no text in ${language}`);
    }),
  );
}

function unreachable(flow: Flow): string[] {
  const seen = new Set<string>();
  const machine = flow.machine === undefined ? [] : [flow.machine];
  const open = [flow.start, flow.farewell, ...machine, ...Object.values(flow.keys)];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    // `start: "constructor"` is no node, whatever objects are born with.
    const node: FlowNode | undefined = Object.hasOwn(flow.nodes, id) ? flow.nodes[id] : undefined;
    if (seen.has(id) || node === undefined) continue;
    seen.add(id);
    open.push(...edgesOf(flow, node).map((edge) => edge.to));
  }
  return Object.keys(flow.nodes)
    .filter((id) => !seen.has(id))
    .map((id) => `nodes.${id} cannot be reached`);
}
