/**
 * The house's one-way imports (ARCHITECTURE.md, "Rooms"): a room may import only the rooms below it,
 * types included. The order is said once, here.
 */
const FLOORS = [
  ['base'],
  ['network'],
  ['layers', 'graph'],
  ['compiler'],
  ['formats'],
  ['targets', 'data'],
  ['trainer', 'storage'],
  ['store'],
  ['ui-kit'],
  ['canvas', 'panels'],
];
const path = rooms => `^src/(${rooms.join('|')})/`;
const above = floor => FLOORS.slice(floor + 1).flat();
const CORE = ['base', 'network', 'layers', 'graph', 'compiler'];

module.exports = {
  forbidden: [
    ...FLOORS.slice(0, -1).map((rooms, floor) => ({
      name: `${rooms.join('-and-')}-import-down-only`,
      severity: 'error',
      from: { path: path(rooms) },
      to: { path: `${path(above(floor))}|^src/main\\.tsx$` },
    })),
    ...FLOORS.filter(rooms => rooms.length > 1).flatMap(rooms =>
      rooms.map(room => ({
        name: `${room}-beside`,
        severity: 'error',
        comment: 'Rooms on one floor do not know each other, except: graph reads the layer table.',
        from: { path: path([room]) },
        to: {
          path: path(
            rooms.filter(r => r !== room && !(room === 'graph' && r === 'layers')).concat('nothing'),
          ),
        },
      })),
    ),
    {
      name: 'ui-kit-is-dumb',
      severity: 'error',
      from: { path: '^src/ui-kit/' },
      to: { path: '^src/(?!ui-kit/)' },
    },
    {
      name: 'core-is-plain',
      severity: 'error',
      comment: 'The core knows no framework, no tfjs, no browser and no clock.',
      from: { path: `${path(CORE)}|^src/targets/(keras|keras-project|code)/`, pathNot: '\\.test\\.ts$' },
      to: { path: 'node_modules/', pathNot: 'node_modules/valibot/' },
    },
    {
      name: 'tfjs-stays-in-its-rooms',
      severity: 'error',
      comment: 'TensorFlow.js loads with the training worker, never with the page.',
      from: { path: '^src/', pathNot: '^src/(targets/tfjs|trainer)/|/testing/|\\.test(-corpus)?\\.ts$' },
      to: { path: 'node_modules/@tensorflow/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment:
        'Slices of one store name its whole state: a circle of types alone, within a room, runs nothing.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
