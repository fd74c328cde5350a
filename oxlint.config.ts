// Rules of style and of the house: which part of it may import which.
import { defineConfig, type OxlintOverride } from 'oxlint';

const SDKS = { aws: '@aws-sdk/*', kubernetes: '@kubernetes/*' } as const;

/** Parts of the operator, and what of it each may import beside itself. Imports point one way: no part is among those of its own. */
const PARTS = {
  policy: { imports: [], sdks: [], because: 'policy is pure and imports nothing' },
  kernel: { imports: [], sdks: ['kubernetes'], because: 'kernel knows Kubernetes and nothing of AWS or data sharing' },
  features: { imports: ['kernel'], sdks: [], because: 'features are what config.json says; they know no kind' },
  resources: {
    imports: ['features'],
    sdks: ['kubernetes'],
    because: 'resources define kinds, for what config.json says, and know no machinery',
  },
  aws: { imports: ['policy'], sdks: ['aws'], because: 'aws is the adapter layer: it knows AWS only' },
  access: {
    imports: ['policy', 'resources', 'aws'],
    sdks: [],
    because: 'access plans and executes through operator/aws; it knows neither the kernel nor the SDK',
  },
  stacks: {
    imports: ['policy', 'resources', 'aws', 'access', 'kernel', 'controllers'],
    sdks: ['kubernetes'],
    because: 'no AWS call outside operator/aws',
  },
  controllers: {
    imports: ['policy', 'features', 'resources', 'aws', 'access', 'kernel', 'stacks'],
    sdks: ['kubernetes'],
    because: 'no AWS call outside operator/aws',
  },
  cli: {
    imports: ['policy', 'features', 'resources', 'access', 'kernel'],
    sdks: [],
    because:
      'the command line knows objects, what they mean and the way to the API server; what only the operator knows it asks the gateway',
  },
  actions: {
    imports: ['policy', 'features', 'resources', 'aws', 'access', 'kernel', 'stacks', 'controllers'],
    sdks: [],
    because: 'no AWS call outside operator/aws, and no Kubernetes but by the kernel',
  },
} as const;

type Part = keyof typeof PARTS;
const parts = Object.keys(PARTS) as Part[];

const TESTS = ['**/*.test.ts', '**/testing/**'];
/** What is only there for tests. */
const FOR_TESTS = {
  group: ['**/testing/**', '**/hack/**', '**/test/**'],
  message: 'product code imports nothing that is only there for tests',
};

/** The gateway knows the kinds, the kernel's client and cache, what a share is, and how the operator's actions are asked for; it has no way to AWS. */
const NOT_FOR_THE_GATEWAY = {
  group: [
    '**/operator/{aws,controllers,stacks}/**',
    '**/operator/*.ts',
    '**/operator/actions/*.ts',
    SDKS.aws,
    SDKS.kubernetes,
  ],
  message:
    'api imports of the operator its features, resources, kernel, access and actions/contract only, and has no way to AWS',
};

interface Pattern {
  readonly group: string[];
  readonly message: string;
}

const forbid = (...patterns: Pattern[]): NonNullable<OxlintOverride['rules']> => ({
  'no-restricted-imports': ['error', { patterns }],
});

/** Their tests are played on a stage without AWS. */
const WITHOUT_SIMULATOR: readonly Part[] = ['stacks', 'controllers'];

const forbiddenTo = (part: Part): Pattern => {
  const { imports, sdks, because } = PARTS[part];
  const others = parts.filter((other) => other !== part && !(imports as readonly Part[]).includes(other));
  const foreign = Object.entries(SDKS).filter(([sdk]) => !(sdks as readonly string[]).includes(sdk));
  const simulator = WITHOUT_SIMULATOR.includes(part) ? ['**/hack/**'] : [];
  const group = [...others.map((other) => `**/${other}/**`), ...foreign.map(([, name]) => name), ...simulator];
  return { group, message: because };
};

/** What can be read from top to bottom: phases with names, not closures around closures. A file that has to be longer says why in its header. */
const READABLE: OxlintOverride['rules'] = {
  'max-lines': ['error', { max: 300 }],
  'max-lines-per-function': ['error', { max: 60 }],
};

export default defineConfig({
  // Made by `npm run generate`, and by builds.
  ignorePatterns: [
    'api/graphql/schema-types.ts',
    'cdk8s/src/generated/**',
    'web/src/{app,ui,modules/**}/operations.ts',
    'web/dist/**',
  ],
  plugins: ['typescript', 'import', 'unicorn', 'promise'],
  categories: { correctness: 'error', suspicious: 'error' },
  rules: {
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': [
      'error',
      {
        considerDefaultExhaustiveForUnions: true,
      },
    ],
    'typescript/no-non-null-assertion': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-unsafe-type-assertion': 'off',
    'typescript/consistent-return': 'off',
    'typescript/no-unnecessary-type-assertion': 'error',
    'typescript/no-unnecessary-type-parameters': 'off',
    'import/no-default-export': 'error',
    'import/no-cycle': 'error',
    'no-await-in-loop': 'off',
    'no-underscore-dangle': 'off',
    'no-shadow': 'off',
    'promise/always-return': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'unicorn/prefer-add-event-listener': 'off',
    'unicorn/require-post-message-target-origin': 'off',
    'max-lines': [
      'error',
      {
        max: 500,
        skipBlankLines: true,
        skipComments: true,
      },
    ],
  },
  overrides: [
    { files: ['*.config.ts'], rules: { 'import/no-default-export': 'off' } },
    // A construct belongs to its scope, which holds it.
    { files: ['cdk8s/**'], rules: { 'no-new': 'off' } },
    ...parts.map((part) => ({ files: [`operator/${part}/**`], rules: forbid(forbiddenTo(part)) })),
    ...parts.map((part) => ({
      files: [`operator/${part}/**`],
      excludeFiles: TESTS,
      rules: forbid(forbiddenTo(part), FOR_TESTS),
    })),
    {
      files: ['operator/actions/contract/**'],
      rules: forbid(
        {
          // Their own: the gateway imports these and may not import an action, which imports everything.
          group: ['../*.ts', ...parts.filter((part) => part !== 'resources').map((part) => `../../${part}/**`)],
          message: 'the contract of the internal API is what both sides may import: it imports resources alone',
        },
        FOR_TESTS,
      ),
    },
    { files: ['operator/*.ts'], excludeFiles: TESTS, rules: forbid(FOR_TESTS) },
    { files: ['api/**'], rules: forbid(NOT_FOR_THE_GATEWAY) },
    { files: ['api/**'], excludeFiles: TESTS, rules: forbid(NOT_FOR_THE_GATEWAY, FOR_TESTS) },
    {
      files: ['operator/**', 'api/**'],
      excludeFiles: TESTS,
      rules: READABLE,
    },
    {
      files: ['web/src/**'],
      excludeFiles: TESTS,
      plugins: ['typescript', 'import', 'unicorn', 'promise', 'react', 'jsx-a11y'],
      rules: {
        ...READABLE,
        'react/react-in-jsx-scope': 'off',
        'react/rules-of-hooks': 'error',
        'react/exhaustive-deps': 'error',
        'react/no-array-index-key': 'error',
        'import/no-unassigned-import': 'off',
        ...forbid({
          group: ['**/operator/**', '**/api/**', '**/hack/**', '**/test/**', 'node:*'],
          message: 'what runs in browsers knows the gateway by its GraphQL alone',
        }),
      },
    },
    {
      files: ['hack/aws/**'],
      rules: forbid({
        group: ['**/operator/[!p]*/**', '@kubernetes/*', '**/control-plane/**'],
        message: 'the simulator imports nothing of ours but operator/policy',
      }),
    },
  ],
});
