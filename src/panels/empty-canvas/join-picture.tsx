/** The three ways to join, as small pictures: boxes are models, the orange one is a merge, wires run left to right. */

interface Picture {
  readonly boxes: readonly (readonly [x: number, y: number, kind: string])[];
  readonly wires: readonly string[];
}

const PARALLEL: Picture = {
  boxes: [
    [34, 6, 'model'],
    [34, 34, 'model'],
    [74, 20, 'merge'],
    [108, 20, 'output'],
  ],
  wires: [
    'M14 27 C24 27 24 13 34 13',
    'M14 27 C24 27 24 41 34 41',
    'M56 13 C66 13 64 27 74 27',
    'M56 41 C66 41 64 27 74 27',
    'M96 27 H108',
  ],
};
const STACK: Picture = {
  boxes: [
    [26, 20, 'model'],
    [67, 20, 'model'],
    [108, 20, 'output'],
  ],
  wires: ['M10 27 H26', 'M48 27 H67', 'M89 27 H108'],
};
const TRUNK: Picture = {
  boxes: [
    [30, 20, 'model'],
    [72, 6, 'layer'],
    [72, 34, 'layer'],
    [108, 6, 'output'],
    [108, 34, 'output'],
  ],
  wires: [
    'M12 27 H30',
    'M52 27 C62 27 62 13 72 13',
    'M52 27 C62 27 62 41 72 41',
    'M94 13 H108',
    'M94 41 H108',
  ],
};

export function JoinPicture({ example }: { readonly example: string }) {
  const picture = example.endsWith('stack') ? STACK : example.endsWith('trunk') ? TRUNK : PARALLEL;
  return (
    <svg viewBox="0 0 140 54" aria-hidden="true">
      {picture.wires.map(wire => (
        <path key={wire} d={wire} fill="none" stroke="var(--wire)" strokeWidth="1.5" />
      ))}
      {picture.boxes.map(([x, y, kind]) => (
        <rect
          key={`${x} ${y}`}
          x={x}
          y={y}
          width="22"
          height="14"
          rx="3.5"
          fill={`color-mix(in srgb, var(--kind-${kind}) 16%, var(--raised))`}
          stroke={`var(--kind-${kind})`}
          strokeWidth="1.25"
        />
      ))}
    </svg>
  );
}
