import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Who alone may import a package: the rest of the code goes through that folder. */
const fencedPackages = [
  { name: 'modesl', folder: 'src/cti/esl' },
  { name: 'fastify', folder: 'src/api' },
  { name: 'bullmq', folder: 'src/core' },
  { name: 'ioredis', folder: 'src/core' },
  { name: 'pg', folder: 'src/db' },
  { name: 'nodemailer', folder: 'src/messaging' },
];

const fences = fencedPackages.map(({ name, folder }) => ({
  files: ['src/**/*.ts'],
  ignores: [`${folder}/**`],
  rules: {
    [`fence/${name}`]: 'error',
  },
}));

const fencePlugin = {
  rules: Object.fromEntries(
    fencedPackages.map(({ name, folder }) => [
      name,
      {
        create: (context) => ({
          ImportDeclaration(node) {
            const { value } = node.source;
            if (value === name || value.startsWith(`${name}/`)) {
              context.report({ node, message: `Only ${folder} may import ${name}.` });
            }
          },
        }),
      },
    ]),
  ),
};

/**
 * What the API takes of src/db besides types: whose data it is, pages, and what keeps answers for repetitions. Queries
 * stand in the wing that owns the table, or in src/reporting.
 */
const dbOfApi = new Set([
  ...[
    'Scope',
    'forPeople',
    'forWrites',
    'withoutSites',
    'areInScope',
    'parsePage',
    'toPage',
    'isAnswering',
  ],
  ...['answerOf', 'completeKey', 'keepAnswer', 'NamedLocks', 'reserveKey'],
]);
const builders = new Set([
  ...['selectFrom', 'insertInto', 'updateTable', 'deleteFrom', 'replaceInto', 'mergeInto'],
  ...['selectNoFrom', 'executeQuery'],
]);

fencePlugin.rules['api-sql'] = {
  create: (context) => ({
    ImportDeclaration(node) {
      const from = node.source.value;
      if (/^kysely(?:\/|$)/.test(from)) {
        context.report({ node, message: 'No SQL in src/api: kysely is for src/db and the wings.' });
      }
      if (!/\/db\//.test(from) || node.importKind === 'type') return;
      for (const one of node.specifiers) {
        if (one.importKind === 'type' || dbOfApi.has(one.imported?.name)) continue;
        const message = `No SQL in src/api: "${one.local.name}" of src/db belongs into a wing.`;
        context.report({ node: one, message });
      }
    },
    MemberExpression(node) {
      if (!builders.has(node.property.name)) return;
      context.report({ node, message: 'No SQL in src/api: ask a wing, or src/reporting.' });
    },
  }),
};

const apiFence = { files: ['src/api/**/*.ts'], rules: { 'fence/api-sql': 'error' } };

/** Texts that only some folders may hold: what they are about is theirs. */
const fencedTexts = [
  {
    name: 'switch-commands',
    text: /\buuid_[a-z]|\boriginate\b|\bconference:|\bglobal_[gs]etvar\b|\bsched_[a-z]|\bendless_playback\b/,
    ignores: ['src/cti/**', 'src/switch/**'],
    message: 'Only src/cti speaks to the switch: call a verb of src/cti/verbs.',
  },
  {
    name: 'leg-variables',
    text: /\blt_[a-z]/,
    ignores: ['src/cti/call/recovery.ts', 'src/cti/nodes/switch-names.ts', 'src/switch/**'],
    message: 'Names of the switch stand in cti/call/recovery.ts and cti/nodes/switch-names.ts.',
  },
];

const textFences = fencedTexts.map(({ name, ignores }) => ({
  files: ['src/**/*.ts'],
  ignores,
  rules: { [`fence/${name}`]: 'error' },
}));

for (const { name, text, message } of fencedTexts) {
  fencePlugin.rules[name] = {
    create: (context) => {
      const check = (node, value) => {
        if (text.test(value)) context.report({ node, message });
      };
      return {
        Literal: (node) => check(node, String(node.value)),
        TemplateElement: (node) => check(node, node.value.raw),
      };
    },
  };
}

export default tseslint.config(
  { ignores: ['node_modules', 'data', '.tap', 'web/dist', 'build', '*.js', '*.cjs', '**/*.mjs'] },
  ...tseslint.configs.strictTypeChecked,
  {
    plugins: { fence: fencePlugin },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      // Digits and Chinese characters are what we spread.
      '@typescript-eslint/no-misused-spread': 'off',
      // Does not see that an await lets others change what was just checked.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { varsIgnorePattern: '^_', argsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 110, skipBlankLines: true, skipComments: true }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only config.ts reads the environment.' },
      ],
      'no-console': 'error',
      eqeqeq: ['error', 'smart'],
      curly: ['error', 'multi-line'],
    },
  },
  ...fences,
  ...textFences,
  apiFence,
  {
    files: ['web/src/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      // A handler of the browser may be asynchronous; its errors go to the page's own notice.
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { attributes: false } },
      ],
    },
  },
  // A component is its markup: long, and plain.
  { files: ['web/src/**/*.tsx'], rules: { 'max-lines-per-function': ['error', { max: 200 }] } },
  {
    // processes.ts hands a part of it to the programs that it starts.
    files: ['src/config/config.ts', 'src/local/processes.ts', 'test/**', 'scripts/**', 'bench/**'],
    rules: { 'no-restricted-properties': 'off' },
  },
  { files: ['scripts/**', 'bench/**', 'test/**'], rules: { 'no-console': 'off' } },
  // What a page has to report besides its own notices goes to the browser's console.
  { files: ['web/src/**'], rules: { 'no-console': ['error', { allow: ['warn', 'error'] }] } },
  {
    files: ['test/**', 'migrations/**'],
    rules: {
      'max-lines-per-function': 'off',
      'max-lines': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
