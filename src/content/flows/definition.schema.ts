import { Type, type Static, type TObject } from 'typebox';

/**
 * What a flow may look like, as data. Every schema here is used twice: to check a definition that
 * comes from a file, the database or the API, and to derive the type that the machine works on.
 */
const options = { additionalProperties: false };

const NodeId = Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,39}$' });
const VariableName = Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,39}$' });
const Key = Type.String({ pattern: '^[0-9*#]$' });
const LanguageCode = Type.Union([Type.Literal('zh-CN'), Type.Literal('en')]);
const Scalar = Type.Union([Type.String({ maxLength: 200 }), Type.Number(), Type.Boolean()]);

/** One text in each language of the flow. `{name}` and `{name:format}` are filled in. */
const TextSchema = Type.Partial(
  Type.Object({
    'zh-CN': Type.String({ minLength: 1, maxLength: 1000 }),
    en: Type.String({ minLength: 1, maxLength: 1000 }),
  }),
  options,
);

/** Where a key leads: a node, or a node with variables to set on the way. */
const TargetSchema = Type.Union([
  NodeId,
  Type.Object({ to: NodeId, set: Type.Record(VariableName, Scalar) }, options),
]);
const KeysSchema = Type.Record(Key, TargetSchema);
/** Result of a look-up or value of a variable → node. */
const CasesSchema = Type.Record(Type.String({ minLength: 1, maxLength: 60 }), NodeId);

const failure = Type.Optional(NodeId);
const attempts = Type.Optional(Type.Integer({ minimum: 1, maximum: 5 }));
const timeoutSec = Type.Optional(Type.Integer({ minimum: 1, maximum: 30 }));

export const nodeSchemas = {
  /** Speaks. The text becomes the beginning of the next prompt, so that keys can be typed ahead. */
  say: Type.Object(
    {
      type: Type.Literal('say'),
      text: TextSchema,
      /** A notice that the caller must hear: played by itself, no key interrupts it. */
      isObligatory: Type.Optional(Type.Boolean()),
      next: NodeId,
      failure,
    },
    options,
  ),
  /** One key. Keys of the flow itself (`keys`) work too unless the menu has its own. */
  menu: Type.Object(
    {
      type: Type.Literal('menu'),
      text: TextSchema,
      keys: KeysSchema,
      attempts,
      timeoutSec,
      failure,
      /** Where a caller goes on who pressed nothing after the last time of asking; `failure` without it. */
      silent: Type.Optional(NodeId),
    },
    options,
  ),
  /** Reads an article aloud, then its own text as a menu does; a key interrupts both. */
  read: Type.Object(
    {
      type: Type.Literal('read'),
      /** The variable that names the article. */
      from: VariableName,
      text: TextSchema,
      keys: KeysSchema,
      /** Where a caller goes on whose article was withdrawn meanwhile; `failure` without it. */
      gone: Type.Optional(NodeId),
      attempts,
      timeoutSec,
      failure,
    },
    options,
  ),
  /** One key for each entry of a list, e.g. the caller's homes; `{list:choices}` speaks them. */
  choose: Type.Object(
    {
      type: Type.Literal('choose'),
      text: TextSchema,
      from: VariableName,
      into: VariableName,
      next: NodeId,
      attempts,
      timeoutSec,
      failure,
    },
    options,
  ),
  /** Digits ended by `#`, e.g. a room number. Never for secrets: those are for `pin`. */
  collect: Type.Object(
    {
      type: Type.Literal('collect'),
      text: TextSchema,
      into: VariableName,
      minDigits: Type.Integer({ minimum: 1, maximum: 20 }),
      maxDigits: Type.Integer({ minimum: 1, maximum: 20 }),
      next: NodeId,
      attempts,
      timeoutSec,
      failure,
    },
    options,
  ),
  /** The phone PIN of the person in `home`, asked and checked in one: it never enters the state. */
  pin: Type.Object(
    {
      type: Type.Literal('pin'),
      text: TextSchema,
      /** Said after a wrong PIN; `{triesLeft}` is known. */
      wrong: TextSchema,
      ok: NodeId,
      locked: NodeId,
      unset: NodeId,
      attempts,
      timeoutSec,
      failure,
    },
    options,
  ),
  /** Asks our records; each result leads somewhere, what was found is in variables. */
  lookup: Type.Object(
    {
      type: Type.Literal('lookup'),
      what: Type.Union([
        Type.Literal('homes'),
        Type.Literal('bills'),
        Type.Literal('orders'),
        // Whether faxes can be sent (`yes`, `no`), and a fax of the unpaid bills to `faxNumber` (`ok`, `no`).
        Type.Literal('canFax'),
        Type.Literal('faxBills'),
        // Articles of `topic` (`none`, `one`, `many`), the one behind `article` (`some`, `none`), a fax of it to
        // `faxNumber`, whether texts reach the caller (`yes`, `no`), and a text of it (both `ok`, `no`).
        Type.Literal('articles'),
        Type.Literal('nextArticle'),
        Type.Literal('faxArticle'),
        Type.Literal('canText'),
        Type.Literal('textArticle'),
      ]),
      on: CasesSchema,
      failure,
    },
    options,
  ),
  /** Goes by the opening hours (`open`, `closed`, `holiday`), by language, or by a variable. */
  branch: Type.Object(
    {
      type: Type.Literal('branch'),
      by: Type.Union([
        Type.Literal('hours'),
        Type.Literal('language'),
        Type.Object({ variable: VariableName }, options),
      ]),
      cases: CasesSchema,
      otherwise: NodeId,
      failure,
    },
    options,
  ),
  /** Speaks, a tone, then records until `#`, silence or hanging up. */
  record: Type.Object(
    {
      type: Type.Literal('record'),
      text: TextSchema,
      purpose: Type.Union([
        Type.Literal('repair'),
        Type.Literal('message'),
        Type.Literal('complaint'),
        Type.Literal('suggestion'),
      ]),
      /** Said before asking again when nothing was spoken. */
      retry: TextSchema,
      limitSec: Type.Integer({ minimum: 5, maximum: 600 }),
      silenceSec: Type.Integer({ minimum: 1, maximum: 10 }),
      next: NodeId,
      /** After as many tries as `attempts` without speech. */
      empty: Type.Optional(NodeId),
      attempts,
      failure,
    },
    options,
  ),
  /** Makes a work order, with the recording of the last `record` node unless that was empty. */
  order: Type.Object(
    {
      type: Type.Literal('order'),
      kind: Type.String({ minLength: 1, maxLength: 60 }),
      category: Type.String({ minLength: 1, maxLength: 60 }),
      severity: Type.Optional(Type.Union([Type.Literal('minor'), Type.Literal('serious')])),
      /** For staff, in Chinese. */
      summary: Type.String({ minLength: 1, maxLength: 200 }),
      /** What the call came to, e.g. `order_made`. */
      outcome: Type.String({ pattern: '^[a-z_]{1,40}$' }),
      next: NodeId,
      failure,
    },
    options,
  ),
  /** Connects with a person; `failure` is where the caller goes when nobody can take the call. */
  transfer: Type.Object(
    {
      type: Type.Literal('transfer'),
      text: Type.Optional(TextSchema),
      to: Type.String({ pattern: '^(agent|emergency|queue:[a-z][a-z0-9-]{0,39})$' }),
      /** Where a caller goes on whose agent has left and whose queue asks for a mark. */
      talked: Type.Optional(NodeId),
      failure,
    },
    options,
  ),
  /** One question answered by a key; the answer goes to the call's timeline and to the marks. */
  survey: Type.Object(
    {
      type: Type.Literal('survey'),
      text: TextSchema,
      survey: Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }),
      scores: Type.Record(Key, Type.Integer({ minimum: 0, maximum: 10 })),
      next: NodeId,
      attempts,
      timeoutSec,
      failure,
    },
    options,
  ),
  /** On a call that a campaign made: writes down what the person said or wants, or asks its facts. */
  campaign: Type.Object(
    {
      type: Type.Literal('campaign'),
      act: Type.Union([
        Type.Literal('facts'),
        Type.Literal('confirm'),
        Type.Literal('wrongPerson'),
        Type.Literal('promise'),
        Type.Literal('dispute'),
        Type.Literal('paymentLink'),
        Type.Literal('stopCalling'),
        Type.Literal('score'),
        Type.Literal('repaired'),
        Type.Literal('notRepaired'),
        Type.Literal('machine'),
        Type.Literal('abandoned'),
      ]),
      /** Filled from variables: days until payment, a score. */
      value: Type.Optional(Type.String({ maxLength: 60 })),
      on: CasesSchema,
      failure,
    },
    options,
  ),
  set: Type.Object(
    {
      type: Type.Literal('set'),
      values: Type.Record(VariableName, Scalar),
      next: NodeId,
      failure,
    },
    options,
  ),
  language: Type.Object(
    {
      type: Type.Literal('language'),
      to: Type.Union([LanguageCode, Type.Literal('other')]),
      next: NodeId,
      failure,
    },
    options,
  ),
  hangup: Type.Object(
    {
      type: Type.Literal('hangup'),
      text: Type.Optional(TextSchema),
      outcome: Type.Optional(Type.String({ pattern: '^[a-z_]{1,40}$' })),
      failure,
    },
    options,
  ),
} as const satisfies Record<string, TObject>;

export const limitsSchema = Type.Object(
  {
    /** Missed or wrong inputs at one node before its failure branch. */
    attempts: Type.Integer({ minimum: 1, maximum: 5 }),
    /** Silences in a row at one node before the same; as many as `attempts` without it. */
    silences: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
    /** Missed or wrong inputs in a row, over all nodes, before the call is ended politely. */
    misses: Type.Integer({ minimum: 3, maximum: 20 }),
    /** Actions in one call. */
    steps: Type.Integer({ minimum: 20, maximum: 1000 }),
    timeoutSec: Type.Integer({ minimum: 1, maximum: 30 }),
  },
  options,
);

/** Everything but the nodes, which are checked one by one for better messages. */
export const headSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }),
    name: Type.String({ minLength: 1, maxLength: 80 }),
    languages: Type.Array(LanguageCode, { minItems: 1, maxItems: 2, uniqueItems: true }),
    start: NodeId,
    /** Where a node's missing failure branch leads: a person or a message. */
    failure: Type.Optional(NodeId),
    /** The `hangup` node that ends a call which reached a limit. */
    farewell: NodeId,
    /** Where a call goes when a machine has answered it; campaigns only. */
    machine: Type.Optional(NodeId),
    /** Keys that work in every menu: `0` a person, `9` emergency, `*` main menu. */
    keys: Type.Record(Key, NodeId),
    texts: Type.Object({ wrongKey: TextSchema, noInput: TextSchema }, options),
    /** The flow's own variables with their first values. */
    variables: Type.Record(VariableName, Scalar),
    limits: limitsSchema,
    nodes: Type.Record(NodeId, Type.Unknown()),
  },
  options,
);

export type Text = Static<typeof TextSchema>;
export type Target = Static<typeof TargetSchema>;
export type NodeType = keyof typeof nodeSchemas;
export type NodeOf<T extends NodeType> = Static<(typeof nodeSchemas)[T]>;
export type FlowNode = { [T in NodeType]: NodeOf<T> }[NodeType];
export type Limits = Static<typeof limitsSchema>;
export type FlowHead = Static<typeof headSchema>;

/** A definition that passed `validateFlow`. */
export interface Flow extends Omit<FlowHead, 'nodes'> {
  nodes: Record<string, FlowNode>;
}
