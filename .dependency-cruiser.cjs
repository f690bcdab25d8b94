/**
 * Who may import whom, bottom up. A folder imports what its row names and core, never the reverse.
 * The same table stands in ARCHITECTURE.md.
 */
const rows = {
  core: [],
  db: ['core'],
  switch: ['core'],
  local: ['core', 'db'],
  tts: ['core'],
  cti: ['core', 'db'],
  property: ['core', 'db'],
  workorders: ['core', 'db', 'property'],
  lookup: ['core', 'db', 'property'],
  recording: ['core', 'db', 'cti'],
  organisation: ['core', 'db'],
  content: ['core', 'db', 'tts'],
  dialling: ['core', 'db', 'property', 'organisation'],
  messaging: ['core', 'db', 'property', 'content'],
  faxes: ['core', 'db', 'cti', 'property', 'content', 'messaging', 'dialling'],
  agents: [
    ...['core', 'db', 'cti', 'tts', 'property', 'workorders', 'recording', 'organisation'],
    ...['lookup', 'dialling'],
  ],
  ivr: [
    ...['core', 'db', 'cti', 'tts', 'property', 'workorders', 'recording', 'agents', 'faxes'],
    ...['content', 'messaging', 'dialling'],
  ],
  outbound: [
    ...[
      'core',
      'db',
      'cti',
      'tts',
      'property',
      'workorders',
      'recording',
      'organisation',
      'agents',
    ],
    ...['ivr', 'faxes', 'content', 'messaging', 'dialling'],
  ],
  demo: ['core', 'db', 'property', 'messaging', 'outbound'],
  reporting: ['core', 'db', 'lookup', 'agents'],
  api: [
    ...['core', 'db', 'cti', 'tts', 'property', 'workorders', 'recording', 'organisation'],
    ...['lookup', 'agents', 'ivr', 'outbound', 'faxes', 'content', 'messaging', 'dialling'],
    'reporting',
  ],
};
/** The rooms of src/agents, bottom up. */
const rooms = [
  ...['acd/routing', 'acd/sessions', 'acd/queues', 'acd/emergencies'],
  ...['conversations', 'desk'],
];
const all = Object.keys(rows);
/** Folders whose index.ts is their only door. */
const wings = ['organisation', 'content', 'messaging', 'faxes', 'agents', 'lookup'];
// The shapes of the API are plain data and import nothing of ours: parts below the API speak them too.
const anyone = ['^src/(events|jobs)\\.ts$', '^src/contract/'];

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment:
        'Types count: where two files know each other, nobody can read one without the other.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...all.map((folder) => ({
      name: `${folder}-imports`,
      comment: `${folder} may import only: ${['itself', ...rows[folder]].join(', ')}`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: {
        path: '^src/',
        pathNot: [
          ...[folder, ...rows[folder]].map((to) => `^src/${to}/`),
          ...(folder === 'core' || folder === 'switch' ? [] : anyone),
        ],
      },
    })),
    {
      name: 'api-asks-wings',
      comment:
        'No SQL in src/api (house.md, rule 2); ESLint (fence/api-sql) says what of src/db it may have.',
      severity: 'error',
      from: { path: '^src/api/' },
      to: { path: 'node_modules/(?:kysely|pg)/' },
    },
    {
      name: 'contract-is-a-leaf',
      severity: 'error',
      from: { path: '^src/contract/' },
      to: { path: '^src/', pathNot: '^src/contract/' },
    },
    {
      name: 'web-sees-the-contract',
      comment: 'The web imports src/contract and nothing else of the service.',
      severity: 'error',
      from: { path: '^web/src/' },
      to: { path: '^src/', pathNot: '^src/contract/' },
    },
    {
      name: 'web-imports-types',
      severity: 'error',
      from: { path: '^web/src/' },
      to: {
        path: '^src/',
        pathNot: '^src/contract/(?:numbers|text-files|call-rules|codes)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'numbers-import-nothing',
      comment: 'The browser reads numbers by the same code as the service.',
      severity: 'error',
      from: { path: '^src/contract/(?:numbers|text-files|codes)\\.ts$' },
      to: { path: '.' },
    },
    {
      name: 'call-rules-import-types',
      comment: 'The editor of campaigns shows what a topic means by the table that the rules obey.',
      severity: 'error',
      from: { path: '^src/contract/call-rules\\.ts$' },
      to: { path: '.', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'cti-through-its-index',
      comment: 'Verbs and what stands on legs are public; connections, commands and nodes are not.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cti/' },
      to: { path: '^src/cti/', pathNot: '^src/cti/index\\.ts$' },
    },
    ...wings.map((wing) => ({
      name: `${wing}-through-its-index`,
      comment: `What others may use of ${wing} stands in its index.ts.`,
      severity: 'error',
      from: { path: '^src/', pathNot: [`^src/${wing}/`, '^src/(events|jobs)\\.ts$'] },
      to: { path: `^src/${wing}/`, pathNot: `^src/${wing}/index\\.ts$` },
    })),
    // An offer walks forward: from the router to whoever sits and waits, to their talk, to what they do and see of it.
    ...rooms
      .map((room, at) => ({
        name: `agents-${room.replace('/', '-')}-looks-down`,
        severity: 'error',
        from: { path: `^src/agents/${room}/` },
        to: { path: `^src/agents/(${rooms.slice(at + 1).join('|')})/` },
      }))
      .slice(0, -1),
    {
      name: 'config-is-for-main',
      comment: 'Settings are arguments; only src/app and main.ts see the whole configuration.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/app/', '^src/main\\.ts$', '^src/config/'] },
      to: { path: '^src/config/config\\.ts$' },
    },
    {
      name: 'no-dev-in-src',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['npm', 'npm-optional', 'type-only'],
      },
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(modesl|espeak-ng|jssip/lib/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
